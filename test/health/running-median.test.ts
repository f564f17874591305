import { expect, test } from 'vitest'
import { randomFrom } from '#contract/random'
import { startMedian } from '../../src-main/health/running-median'

test('the running median is the upper median of the last numbers, whatever they are', () => {
  const median = startMedian(7)
  expect(median.value).toBeNaN()
  const random = randomFrom(5)
  const values = Array.from({ length: 200 }, () => Math.round(10 * random()))
  values.forEach((value, index) => {
    median.add(value)
    const last = values.slice(Math.max(0, index - 6), index + 1).sort((a, b) => a - b)
    expect(median.value).toBe(last[Math.floor(last.length / 2)])
  })
})
