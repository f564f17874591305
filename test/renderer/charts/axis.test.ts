import { describe, expect, test } from 'vitest'
import { linearAxis, logarithmicAxis, writePower } from '../../../src-renderer/charts/axis'
import { lastStepShown } from '../../../src-renderer/charts/extent'

describe('an axis', () => {
  test('in powers of ten spans whole decades around its values', () => {
    const { low, high, ticks } = logarithmicAxis(-2.4, 0.2)
    expect([low, high, ticks.map(({ text }) => text)]).toEqual([-3, 1, ['10⁻³', '10⁻²', '10⁻¹', '1', '10¹']])
  })

  test('of a constant norm still spans two decades', () => {
    const { low, high } = logarithmicAxis(-1, -1)
    expect([low, high]).toEqual([-1, 1])
  })

  test('of numbers has round ticks that enclose them', () => {
    const { low, high, ticks } = linearAxis(0.11, 2.31)
    expect([low, high, ticks.map(({ text }) => text)]).toEqual([0, 3, ['0', '1', '2', '3']])
  })

  test('of one number has a height', () => {
    const { low, high } = linearAxis(5, 5)
    expect(low < high && low <= 5 && high >= 5).toBe(true)
  })

  test('without values is drawn nevertheless', () => {
    expect([linearAxis(Infinity, -Infinity).high, logarithmicAxis(Infinity, -Infinity).low]).toEqual([1, -4])
  })
})

test('powers of ten are written as people write them', () => {
  expect([-12, 0, 1, 30].map(writePower)).toEqual(['10⁻¹²', '1', '10¹', '10³⁰'])
})

describe('the step axis', () => {
  test('ends at a round step ahead of a run that goes on', () => {
    expect([1, 9, 10, 120, 799, 4000].map((step) => lastStepShown(step, 100_000, true))).toEqual([
      10, 10, 15, 150, 800, 5000
    ])
  })

  test('never goes past the end of the run', () => {
    expect(lastStepShown(900, 938, true)).toBe(938)
  })

  test('ends with the last step of a run that has ended', () => {
    expect(lastStepShown(731, 938, false)).toBe(731)
  })
})
