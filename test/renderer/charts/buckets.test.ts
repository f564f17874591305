import { expect, test } from 'vitest'
import { bucketsFor } from '../../../src-renderer/charts/buckets'

test('a single line has a bucket for every two pixels', () => {
  expect(bucketsFor(801, 1)).toBe(400)
})

test('many lines share the points of a chart, however wide it is', () => {
  expect(bucketsFor(1600, 20)).toBe(200)
  expect(bucketsFor(3200, 20)).toBe(200)
})

test('there is a bucket even where nothing fits', () => {
  expect([bucketsFor(0, 1), bucketsFor(400, 0), bucketsFor(400, 1e6)]).toEqual([1, 200, 1])
})
