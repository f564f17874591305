import { expect, test } from 'vitest'
import { untouchedOn, valuesOn, withValue, type Sheet } from '../../../src-renderer/state/sheet'

const sample = { part: 'test', index: 4, targets: [2], features: Float32Array.of(1, NaN, 0.1) } as const
const sheet: Sheet = { sample, strokes: [] }

test('a value that is typed changes a copy, and the sample is not what is on the sheet any more', () => {
  const typed = withValue(sheet, 2, 5)
  expect([valuesOn(typed), untouchedOn(typed), sample.features[2]]).toEqual([
    Float32Array.of(1, NaN, 5),
    undefined,
    Math.fround(0.1)
  ])
})

test('a value that is typed back makes it the sample again', () => {
  expect(untouchedOn(withValue(withValue(sheet, 0, 9), 0, 1))).toBe(sample)
})

test('the same value, rounded as it is stored or missing as it was, changes nothing', () => {
  expect([withValue(sheet, 2, 0.1), withValue(sheet, 1, NaN)]).toEqual([sheet, sheet])
})

test('without a sample there is nothing to type over', () => {
  expect(withValue({ strokes: [] }, 0, 1)).toEqual({ strokes: [] })
})
