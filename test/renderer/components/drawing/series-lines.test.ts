import { expect, test } from 'vitest'
import { linePath, rangesOf } from '../../../../src-renderer/components/drawing/series-lines'

test('a line goes from left to right and its range from bottom to top', () => {
  const path = linePath([0, 5, 10], { channel: 0, channels: 1, range: [0, 10] })
  expect(path).toBe('M0 100h0L50 50L100 0')
})

test('channels lie side by side in a step, and each has its own line', () => {
  const values = [0, 7, 1, 7]
  expect(linePath(values, { channel: 1, channels: 2, range: [7, 7] })).toBe('M0 50h0L100 50')
})

test('what is no number is a gap and is never drawn', () => {
  const path = linePath([0, NaN, 1, Infinity], { channel: 0, channels: 1, range: [0, 1] })
  expect(path).toBe('M0 100h0M66.67 0h0')
})

test('ranges hold the finite values of each channel', () => {
  expect(rangesOf([1, NaN, -3, NaN, Infinity, NaN], 2)).toEqual([
    [-3, 1],
    [0, 1]
  ])
})
