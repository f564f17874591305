import { expect, test } from 'vitest'
import { spreadOf } from '#contract/spread'

test('the spread of numbers has their mean, the deviation of a sample, and the extremes', () => {
  expect(spreadOf([1, 2, 6])).toEqual({ count: 3, mean: 3, deviation: Math.sqrt(7), min: 1, max: 6 })
})

test('one number has no deviation, none have no spread, and one that is not finite is not hidden', () => {
  expect(spreadOf([4])).toEqual({ count: 1, mean: 4, deviation: 0, min: 4, max: 4 })
  expect(spreadOf([])).toBeUndefined()
  expect(spreadOf([1, NaN])?.mean).toBeNaN()
})
