import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { say, type Language } from '#contract/messages'

const bundle = resolve('out/main/index.js')
let home: string
beforeEach(async () => {
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing: run \`npm run build\` before this test`)
  home = await mkdtemp(join(tmpdir(), 'steadygrad-electron-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

/** Runs one scenario of the built main process; answers with what came of it. */
async function run(...scenario: string[]): Promise<Record<string, never>> {
  const fixture = join(import.meta.dirname, 'fixtures', 'run-closing.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [fixture, bundle, ...scenario], {
    env: { ...process.env, STEADYGRAD_HOME: home, STEADYGRAD_LANGUAGE: 'en', NODE_OPTIONS: '' }
  })
  return JSON.parse(stdout) as Record<string, never>
}

const question = (language: Language, names: string): unknown => [
  'dialog.showMessageBox',
  {
    type: 'question',
    message: say(language, 'shell.closing.several', { names }),
    detail: say(language, 'shell.closing.detail'),
    buttons: (['background', 'interrupt', 'stop', 'stay'] as const).map((choice) =>
      say(language, `shell.closing.${choice}`)
    ),
    defaultId: 0,
    cancelId: 3,
    noLink: true
  }
]

test('runs go on without their window until the last of them has ended, and any way back shows it again', async () => {
  const report = await run('background')
  expect(report.stay).toEqual({ windows: 1, trays: 0, told: [question('en', 'first and second')] })
  expect(report.background).toMatchObject({
    windows: 0,
    trays: 1,
    toolTip: say('zh-CN', 'shell.background', { names: 'first和second' }),
    told: expect.arrayContaining([question('zh-CN', 'first和second')]) as unknown
  })
  expect(existsSync((report.background as { icon: string }).icon)).toBe(true)
  expect(report.reopened).toEqual({ windows: 1, trays: 0, told: [], listed: 2 })
  expect(report.insteadOfQuit).toEqual({
    windows: 0,
    trays: 1,
    told: ['app.quit', 'dialog.showMessageBox']
  })
  const ended = (title: string): unknown => [
    'notification',
    { title, body: say('zh-CN', 'shell.background.ended') }
  ]
  expect(report.firstEnded).toEqual({
    windows: 0,
    trays: 1,
    toolTip: say('zh-CN', 'shell.background', { names: 'second' }),
    told: [ended('first')]
  })
  expect(report.lastEnded).toEqual([ended('second'), ['app.quit'], ['app.exit']])
})

describe('a window with a run that is closed', () => {
  test.each([
    ['with a checkpoint interrupts the run', '1', true],
    ['with its end stops the run', '2', false]
  ])('%s, and the application ends when that is done', async (_, choice, interrupted) => {
    expect(await run('ending', choice)).toEqual({
      wish: { interrupted },
      ended: { windows: 0, trays: 0, told: ['dialog.showMessageBox', 'app.quit', 'app.exit'] }
    })
  })

  test('asks nothing about a paused run, which has its checkpoint', async () => {
    expect(await run('nothing')).toEqual({ told: ['app.quit'] })
  })
})

test('a file or folder is chosen in the system’s dialog, which begins where it was left', async () => {
  const { answers, told } = await run('choosing')
  expect(answers).toEqual([{ path: '/data/iris/iris.csv' }, { path: null }, { path: '/data/images' }])
  expect(told).toEqual([
    ['dialog.showOpenDialog', { properties: ['openFile'] }],
    ['dialog.showOpenDialog', { properties: ['openFile'], defaultPath: '/data/iris' }],
    ['dialog.showOpenDialog', { properties: ['openDirectory'] }]
  ])
})
