import type { RatePoint } from '#contract/range'
import { expect, test } from 'vitest'
import { nearestPoint, rangePicture, roundRate } from '../../../../src-renderer/views/editor/range-picture'

const points: RatePoint[] = [
  { rate: 1e-4, loss: 2, smoothed: 2 },
  { rate: 1e-3, loss: 0.5, smoothed: 1 },
  { rate: 1e-2, loss: 9, smoothed: 4 },
  { rate: 1e-1, loss: Infinity, smoothed: NaN }
]
const picture = rangePicture(points, { width: 300, height: 100 })

test('rates that grow by the same factor lie at the same distance', () => {
  expect(points.map(({ rate }) => Math.round(picture.x(rate)))).toEqual([0, 100, 200, 300])
})

test('the line holds what is finite, and a loss that is not lies at the upper edge', () => {
  expect(picture.line.match(/[ML]/g)).toHaveLength(3)
  expect(picture.y(NaN)).toBe(0)
  expect(picture.y(100)).toBe(0)
  expect(picture.y(1)).toBeGreaterThan(picture.y(2))
})

test('batches are dots, but for those far above the line', () => {
  expect(picture.dots).toHaveLength(2)
  expect(picture.losses.low).toBeLessThanOrEqual(0.5)
})

test('losses that lie far apart lie on a logarithmic axis, so that the valley shows beside the wall', () => {
  const steep = rangePicture(
    [
      { rate: 1e-4, loss: 10, smoothed: 10 },
      { rate: 1e-3, loss: 1, smoothed: 1 },
      { rate: 1e-2, loss: 1e4, smoothed: 1e4 }
    ],
    { width: 300, height: 100 }
  )
  expect([steep.y(1), steep.y(10), steep.y(1e4), steep.yAt(1)].map(Math.round)).toEqual([100, 75, 0, 75])
})

test('a test of which nothing is finite has no line', () => {
  expect(rangePicture(points.slice(3), { width: 300, height: 100 }).line).toBe('')
})

test('a rate is rounded to two digits, and found again at its point', () => {
  expect(roundRate(0.0083176)).toBe(0.0083)
  expect(nearestPoint(points, roundRate(0.00104))).toBe(1)
})
