import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { Failure } from '#contract/failure'
import { hasDisplay, openerOf } from '../../../src-main/shells/browser/open-browser'
import { readOptions } from '../../../src-main/shells/browser/options'

test.each([
  [[], { port: 0, open: true, data: [] }],
  [['--port', '8080', '--no-open'], { port: 8080, open: false, data: [] }],
  [['--port=0'], { port: 0, open: true, data: [] }],
  [
    ['--data', 'test', '--data=src-main'],
    { port: 0, open: true, data: [resolve('test'), resolve('src-main')] }
  ]
])('%j is understood', (parameters, options) => {
  expect(readOptions(parameters)).toEqual(options)
})

test.each([
  [['--port', '65536'], 'shell.badPort', { found: '65536' }],
  [['--port', '80a'], 'shell.badPort', { found: '80a' }],
  [['--port', '-1'], 'shell.badPort', { found: '-1' }],
  [['--port'], 'shell.badPort', { found: '' }],
  [['--data', 'package.json'], 'shell.badData', { found: 'package.json' }],
  [['--data', 'none/such'], 'shell.badData', { found: 'none/such' }],
  [['--data'], 'shell.badData', { found: '' }],
  [['--prot', '1'], 'shell.unknownOption', { option: '--prot' }],
  [['--no-open=yes'], 'shell.unknownOption', { option: '--no-open=yes' }],
  [['8080'], 'shell.unknownOption', { option: '8080' }]
])('%j is refused with what was found', (parameters, key, values) => {
  let failure: unknown
  try {
    readOptions(parameters)
  } catch (error) {
    failure = error
  }
  expect((failure as Failure).toRecord()).toEqual({ key, values, kind: 'input' })
})

test.each([
  ['linux', {}, false],
  ['linux', { DISPLAY: ':0' }, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['darwin', {}, true],
  ['darwin', { SSH_CONNECTION: '10.0.0.1' }, false],
  ['win32', {}, true]
] as const)('on %s with %j somebody can see a browser: %j', (platform, environment, expected) => {
  expect(hasDisplay(platform, environment)).toBe(expected)
})

test('every system has its own way to open a file', () => {
  expect((['linux', 'darwin', 'win32'] as const).map((platform) => openerOf('open.html', platform))).toEqual([
    ['xdg-open', ['open.html']],
    ['open', ['open.html']],
    ['cmd', ['/c', 'start', '""', 'open.html']]
  ])
})
