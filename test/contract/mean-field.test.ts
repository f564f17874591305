import { expect, test } from 'vitest'
import { meanFieldMultiplier } from '#contract/mean-field'

/** √χ by quadrature, as worked out apart from this code. */
const GAINS = [0.5, 1, Math.SQRT2, 2, 4, 8, 10, 10.15, 16, Math.sqrt(512)]
const known = {
  sigmoid: [0.12, 0.236, 0.318, 0.414, 0.632, 0.892, 0.993, 1.0, 1.25, 1.48],
  tanh: [0.5, 0.998, 1.05, 1.17, 1.54, 2.12, 2.36, 2.37, 2.96, 3.5],
  relu: [0.354, 0.707, 1.0, 1.41, 2.83, 5.66, 7.07, 7.18, 11.3, 16.0]
} as const

test.each(Object.entries(known))('√χ of %s is that of the quadrature at every gain', (activation, values) => {
  const found = GAINS.map((gain) => meanFieldMultiplier(activation as keyof typeof known, gain) ?? NaN)
  // The table has two or three digits.
  found.forEach((value, index) =>
    expect(Math.abs(value - values[index])).toBeLessThan(Math.max(0.004, 0.006 * values[index]))
  )
})

test('sigmoid multiplies gradients less than ReLU and tanh at every equal gain', () => {
  for (const gain of GAINS) {
    const at = (activation: 'sigmoid' | 'relu' | 'tanh'): number =>
      meanFieldMultiplier(activation, gain) ?? NaN
    expect(at('sigmoid')).toBeLessThan(Math.min(at('relu'), at('tanh')))
  }
})

test('what is a straight line multiplies by its gain, and a SELU of gain 1 by nearly 1', () => {
  expect(meanFieldMultiplier('linear', 3)).toBeCloseTo(3, 9)
  expect(meanFieldMultiplier('selu', 1)).toBeCloseTo(1.035, 2)
})

test('a GELU is half a straight line where gradients die out, and a ReLU where they explode', () => {
  expect(meanFieldMultiplier('gelu', 1)).toBeCloseTo(0.5, 4)
  expect(meanFieldMultiplier('gelu', 10)).toBeCloseTo(10 / Math.SQRT2, 4)
})

test('nothing is said of an activation that looks at several values, or that grows without end', () => {
  expect(meanFieldMultiplier('softmax', 1)).toBeUndefined()
  expect(meanFieldMultiplier('exponential', 1)).toBeUndefined()
})
