import { describe, expect, test } from 'vitest'
import type { Control, NumberControl } from '../../../../src-renderer/components/forms/control'
import { readTyped, stepNumber, writeTyped } from '../../../../src-renderer/components/forms/typed'

const number: NumberControl = { kind: 'number', whole: false }
const pair: Control = { kind: 'pair', each: { kind: 'number', whole: true, min: 1 } }
const list: Control = { kind: 'list', each: { kind: 'number', whole: true, min: 1 }, also: [] }
const json: Control = { kind: 'json' }

describe('what is typed', () => {
  test.each([
    ['12', 12],
    [' 1e-3 ', 0.001],
    ['0,5', 0.5],
    ['1/255', 1 / 255],
    ['', undefined],
    ['1e-', '1e-'],
    ['1/2/3', '1/2/3'],
    ['many', 'many']
  ])('in a field for a number, %j, is %j', (text, value) => {
    expect(readTyped(number, text)).toEqual(value)
  })

  test.each([
    ['3', 3],
    ['3 × 5', [3, 5]],
    ['3x5', [3, 5]],
    ['3, 5', [3, 5]],
    ['3 x', '3 x'],
    ['1 2 3', '1 2 3']
  ])('in a field for a pair, %j, is %j', (text, value) => {
    expect(readTyped(pair, text)).toEqual(value)
  })

  test.each([
    ['3', [3]],
    ['7 × 7 x 16', [7, 7, 16]],
    ['7 ×', '7 ×']
  ])('in a field for a list, %j, is %j', (text, value) => {
    expect(readTyped(list, text)).toEqual(value)
  })

  test('in a field for several texts is each of them', () => {
    const each = { kind: 'text' as const, shortest: 1, longest: Infinity }
    const texts: Control = { kind: 'texts', each }
    expect(
      readTyped({ kind: 'texts', each: { ...each, number: { kind: 'number', whole: true } } }, 'a, 2')
    ).toEqual(['a', 2])
    expect([readTyped(texts, 'id, name，day,'), writeTyped(texts, ['id', 'name'])]).toEqual([
      ['id', 'name', 'day'],
      'id, name'
    ])
  })

  test('as JSON is its value once it is complete', () => {
    expect([readTyped(json, '[4, 4]'), readTyped(json, '[4,')]).toEqual([[4, 4], '[4,'])
  })
})

test.each([
  [number, 0.001, '0.001'],
  [number, 1 / 255, '1/255'],
  [number, 1 / 3 + 1e-9, '0.333333'],
  [number, '1e-', '1e-'],
  [number, undefined, ''],
  [pair, [3, 5], '3 × 5'],
  [list, [7, 7, 16], '7 × 7 × 16'],
  [json, [1], '[1]']
])('a value in %o, %j, is shown as %j', (control, value, text) => {
  expect(writeTyped(control, value)).toBe(text)
})

test('what is shown of a whole number, a short number or a fraction is read back as the same value', () => {
  const values = [0, 1, -1, 128, 0.5, 1e-7, 0.999, 1 / 255, 1 / 3, 1e6]
  expect(values.map((value) => readTyped(number, writeTyped(number, value)))).toEqual(values)
})

describe('an arrow key', () => {
  test.each([
    [{ whole: true, min: 1 }, 3, 1, 4],
    [{ whole: true, min: 1 }, 1, -1, 1],
    [{ whole: false, above: 0 }, 0.003, 1, 0.004],
    [{ whole: false, above: 0 }, 0.001, -1, 0.0009],
    [{ whole: false, above: 0 }, 0.001, 1, 0.002],
    [{ whole: false, min: 0, max: 1 }, 1, 1, 1],
    [{ whole: false, min: 0, below: 1 }, 0.9, 1, 0.9],
    [{ whole: false, min: 0 }, 0, 1, 0.1],
    [{ whole: false, min: 0 }, 0, -1, 0]
  ])(
    'steps a number with the limits %o from %d in the direction %d to %d',
    (limits, value, direction, next) => {
      expect(stepNumber({ kind: 'number', ...limits }, value, direction)).toBe(next)
    }
  )
})
