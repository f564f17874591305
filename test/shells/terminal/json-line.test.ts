import { expect, test } from 'vitest'
import { jsonLine, shortest } from '../../../src-main/shells/terminal/json-line'

const line = (value: object): unknown => JSON.parse(jsonLine('en', 'thing', value))

test('numbers that are not finite become null and are listed by their paths', () => {
  expect(
    line({ a: 1, b: NaN, c: { d: [1, Infinity, { e: -Infinity }] }, f: Float32Array.of(0.1, NaN) })
  ).toEqual({
    type: 'thing',
    a: 1,
    b: null,
    c: { d: [1, null, { e: null }] },
    f: [0.1, null],
    nonFinite: ['b', 'c.d.1', 'c.d.2.e', 'f.1']
  })
})

test('without such numbers there is no list of them', () => {
  expect(line({ a: 1, none: undefined, nothing: null })).toEqual({ type: 'thing', a: 1, nothing: null })
})

test.each([
  ['en', 'There is no run x.'],
  ['zh-CN', '没有名为 x 的运行。']
] as const)('sentences are put into words in %s', (language, text) => {
  const value = { at: { reason: { key: 'run.unknown', values: { run: 'x' } } } }
  expect(JSON.parse(jsonLine(language, 'thing', value))).toEqual({ type: 'thing', at: { reason: text } })
})

test('an object that only looks like a sentence stays as it is', () => {
  expect(line({ from: { key: 'run.unknown', other: 1 }, to: { key: 'no such key' } })).toEqual({
    type: 'thing',
    from: { key: 'run.unknown', other: 1 },
    to: { key: 'no such key' }
  })
})

test('a line holds no line break', () => {
  expect(jsonLine('en', 'thing', { text: 'a\nb' })).not.toContain('\n')
})

test('the shortest digits of a 32-bit number read back as the same number', () => {
  expect([0.1, 0.001, 1 / 3, 16777217].map((value) => shortest(Math.fround(value)))).toEqual([
    0.1, 0.001, 0.33333334, 16777216
  ])
  let state = 1
  for (let i = 0; i < 2000; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const [value] = new Float32Array(Uint32Array.of(state & 0x7f7fffff).buffer)
    expect(Math.fround(shortest(value))).toBe(value)
  }
})
