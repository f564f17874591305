import { expect, test } from 'vitest'
import { gainOf, unfitInitialization } from '../../src-main/health/initial-scale'
import { experimentWith, subjectWith } from './rows'

const stack = (count: number, initializer: object, activation = 'relu') =>
  experimentWith(
    Array.from({ length: count }, () => ({ use: 'dense', units: 10, activation, initializer })) as never
  )

test.each([
  [3, { use: 'heNormal' }, 'relu', false],
  [40, { use: 'heNormal' }, 'relu', false],
  [30, { use: 'glorotUniform' }, 'relu', true],
  [20, { use: 'glorotUniform' }, 'tanh', false],
  [12, { use: 'glorotUniform' }, 'gelu', true],
  [12, { use: 'glorotUniform' }, 'relu', false],
  [40, { use: 'heNormal' }, 'selu', false],
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
