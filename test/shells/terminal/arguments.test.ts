import { expect, test } from 'vitest'
import type { Failure } from '#contract/failure'
import { commandShapes, parseCommand, requireOption } from '../../../src-main/shells/terminal/arguments'

const parse = (line: string): unknown => {
  const { name, taken, options, set, flags } = parseCommand(line === '' ? [] : line.split(' '))
  return { name, taken, options, set, flags: Array.from(flags) }
}
const nothing = { name: undefined, taken: [], options: {}, set: [], flags: [] }

test.each([
  ['', nothing],
  ['--help', { ...nothing, flags: ['help'] }],
  ['-h', { ...nothing, flags: ['help'] }],
  ['--version', { ...nothing, flags: ['version'] }],
  ['train a.json', { ...nothing, name: 'train', taken: ['a.json'] }],
  ['--json train a.json', { ...nothing, name: 'train', taken: ['a.json'], flags: ['json'] }],
  [
    'train a.json --set x=1 --out dir --set y=a=b --json',
    {
      name: 'train',
      taken: ['a.json'],
      options: { out: 'dir' },
      set: ['x=1', 'y=a=b'],
      flags: ['json']
    }
  ],
  ['train a.json --set=x=-1', { ...nothing, name: 'train', taken: ['a.json'], set: ['x=-1'] }],
  [
    'train --resume r --more-epochs 3',
    { ...nothing, name: 'train', options: { resume: 'r', 'more-epochs': '3' } }
  ],
  [
    'train --resume r --more-epochs -3',
    { ...nothing, name: 'train', options: { resume: 'r', 'more-epochs': '-3' } }
  ],
  ['train --help', { ...nothing, name: 'train', flags: ['help'] }],
  ['predict --help', { ...nothing, name: 'predict', flags: ['help'] }],
  ['predict r --input f', { ...nothing, name: 'predict', taken: ['r'], options: { input: 'f' } }],
  [
    'export r --format tfjs --out p --overwrite',
    { ...nothing, name: 'export', taken: ['r'], options: { format: 'tfjs', out: 'p' }, flags: ['overwrite'] }
  ],
  [
    'import m.h5 --base b.json --out o.json --overwrite',
    {
      ...nothing,
      name: 'import',
      taken: ['m.h5'],
      options: { base: 'b.json', out: 'o.json' },
      flags: ['overwrite']
    }
  ],
  ['engine install --from w', { ...nothing, name: 'engine', taken: ['install'], options: { from: 'w' } }],
  ['evaluate -- -odd-name', { ...nothing, name: 'evaluate', taken: ['-odd-name'] }]
])('`%s` is understood', (line, command) => {
  expect(parse(line)).toEqual(command)
})

test.each([
  ['trian a.json', 'terminal.unknownCommand', { command: 'trian', nearest: 'train' }],
  ['constructor', 'terminal.unknownCommand', { command: 'constructor' }],
  ['--jsn', 'terminal.unknownOption', { option: '--jsn', nearest: '--json' }],
  [
    'train a.json --resme r',
    'terminal.unknownOptionOf',
    { option: '--resme', nearest: '--resume', command: 'train' }
  ],
  ['train a.json --version', 'terminal.unknownOptionOf', { option: '--version' }],
  ['train a.json -x', 'terminal.unknownOptionOf', { option: '-x' }],
  ['runs --set a=1', 'terminal.unknownOptionOf', { option: '--set', command: 'runs' }],
  ['train a.json --json=yes', 'terminal.noValue', { option: '--json' }],
  ['train a.json --out', 'terminal.valueMissing', { option: '--out' }],
  ['train a.json --out --json', 'terminal.valueMissing', { option: '--out' }],
  ['train a.json --out=', 'terminal.valueMissing', { option: '--out' }],
  ['train a.json b.json', 'terminal.argumentTooMany', { command: 'train', argument: 'b.json' }],
  ['runs all', 'terminal.argumentTooMany', { command: 'runs', argument: 'all' }],
  ['evaluate', 'terminal.argumentMissing', { command: 'evaluate', argument: 'run' }],
  ['engine', 'terminal.argumentMissing', { command: 'engine', argument: 'action' }]
])('`%s` is refused with %s', (line, key, values) => {
  let failure: Failure | undefined
  try {
    parse(line)
  } catch (error) {
    failure = error as Failure
  }
  expect(failure?.toRecord()).toMatchObject({ key, values, kind: 'input' })
})

test('an option that a command cannot do without is asked for by name', () => {
  const command = parseCommand(['predict', 'r'])
  expect(() => requireOption(command, 'input')).toThrow(
    expect.objectContaining({
      key: 'terminal.optionMissing',
      values: { command: 'predict', option: '--input' }
    })
  )
})

test('every command of today is there', () => {
  expect(Object.keys(commandShapes)).toEqual([
    'train',
    'diagnose',
    'range',
    'replay',
    'compare',
    'evaluate',
    'predict',
    'export',
    'import',
    'inspect',
    'runs',
    'presets',
    'schema',
    'engine'
  ])
})
