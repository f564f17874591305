import { expect, test } from 'vitest'
import { backwardFactor, gainOf, unfitInitialization } from '../../src-main/health/initial-scale'
import { experimentWith, subjectWith } from './rows'

// By quadrature of the mean-field equations: √χ at a gain.
test.each([
  ['sigmoid', 1, 0.236],
  ['sigmoid', Math.SQRT2, 0.318],
  ['sigmoid', 4, 0.632],
  ['tanh', 1, 0.998],
  ['tanh', 2, 1.17],
  ['tanh', 10, 2.36],
  ['relu', 1, 0.707],
  ['relu', Math.SQRT2, 1],
  ['relu', 10, 7.07]
] as const)('the gradient through %s at a gain of %d is multiplied by %d', (activation, gain, factor) => {
  expect(Math.abs(backwardFactor(gain, activation) / factor - 1)).toBeLessThan(0.15)
})

const stack = (count: number, initializer: object, activation = 'relu') =>
  experimentWith(
    Array.from({ length: count }, () => ({ use: 'dense', units: 10, activation, initializer })) as never
  )

test.each([
  [3, { use: 'heNormal' }, 'relu', false],
  [40, { use: 'heNormal' }, 'relu', false],
  [30, { use: 'glorotUniform' }, 'relu', true],
  [20, { use: 'glorotUniform' }, 'tanh', false],
  [5, { use: 'randomNormal', stddev: 1 }, 'relu', true],
  [5, { use: 'randomUniform', min: -0.02, max: 0.02 }, 'relu', true]
])('that %d layers drawn as %o with %s are unfit is %s', (count, initializer, activation, unfit) => {
  const names = Array.from({ length: count }, (_, index) => `dense_${index + 1}`)
  expect(unfitInitialization(subjectWith(stack(count, initializer, activation), names))).toBe(unfit)
})

test('the gain of a layer is the deviation of its weights times the root of its inputs', () => {
  const [layer] = subjectWith(stack(1, { use: 'randomNormal', stddev: 0.2 }), ['dense_1']).layers
  expect(gainOf(layer)).toBeCloseTo(0.2 * Math.sqrt(100), 5)
})
