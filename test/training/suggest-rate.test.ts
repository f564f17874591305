import { expect, test } from 'vitest'
import type { RatePoint } from '#contract/range'
import { suggestRate } from '../../src-main/training/suggest-rate'

/** Losses at rates that grow tenfold in ten steps, smoothed ones as given. */
const pointsOf = (losses: number[]): RatePoint[] =>
  losses.map((smoothed, index) => ({ rate: 10 ** (index / 10 - 5), loss: smoothed, smoothed }))

const flat = Array.from({ length: 20 }, () => 2)
const falling = Array.from({ length: 20 }, (_, index) => 2 - 0.05 * (index + 1))
const rising = Array.from({ length: 10 }, (_, index) => 2 + 0.5 * (index + 1))

test('the suggestion lies in the middle of the longest fall', () => {
  const points = pointsOf([...flat, ...falling, ...rising])
  // The fall begins with the first of the settled points and ends at the lowest, number 39.
  expect(suggestRate(points)?.valley).toBeCloseTo(points[22].rate, 12)
  expect(suggestRate(points)?.largestStable).toBe(points[39].rate)
})

test('the steepest place is where the loss falls most while the rate grows tenfold', () => {
  const losses = [...flat, ...falling, ...rising]
  losses.splice(30, 10, ...Array.from({ length: 10 }, (_, index) => 1.2 - 0.01 * index))
  const points = pointsOf(losses)
  expect(suggestRate(points)?.steepest).toBe(points[29].rate)
})

test('nothing is suggested where the loss never falls', () => {
  expect(suggestRate([])).toBeUndefined()
  expect(suggestRate(pointsOf(flat))).toBeUndefined()
  expect(suggestRate(pointsOf([...flat, ...rising]))).toBeUndefined()
  expect(suggestRate(pointsOf(flat.map((loss, index) => loss - 1e-6 * index)))).toBeUndefined()
})

test('losses that are not finite are no fall', () => {
  const points = pointsOf([...flat, ...falling, NaN, -Infinity])
  expect(suggestRate(points)?.largestStable).toBe(points[39].rate)
})
