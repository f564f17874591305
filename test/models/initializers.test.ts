import { describe, expect, test } from 'vitest'
import type { Initializer } from '#contract/vocabulary'
import { initialValues, orthogonalValues } from '../../src-main/models/initializers'

const FAN_IN = 300
const FAN_OUT = 100
const kernel = {
  name: 'dense_1/kernel',
  shape: [FAN_IN, FAN_OUT],
  fanIn: FAN_IN,
  fanOut: FAN_OUT
}
const draw = (initializer: Initializer, name = kernel.name, seed = 1): Float32Array =>
  initialValues(initializer, { ...kernel, name }, seed)

function describeValues(values: Float32Array): { mean: number; deviation: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return {
    mean,
    deviation: Math.sqrt(variance),
    largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  }
}

describe.each([
  ['glorotUniform', 'glorotNormal', 2 / (FAN_IN + FAN_OUT)],
  ['heUniform', 'heNormal', 2 / FAN_IN],
  ['lecunUniform', 'lecunNormal', 1 / FAN_IN]
] as const)('%s and %s', (uniform, normal, variance) => {
  test('draw with the variance that their paper asks for', () => {
    for (const use of [uniform, normal]) {
      const { mean, deviation } = describeValues(draw({ use }))
      expect(Math.abs(mean)).toBeLessThan(0.02 * Math.sqrt(variance))
      expect(deviation / Math.sqrt(variance)).toBeCloseTo(1, 1.5)
    }
  })

  test('draw nothing beyond their limits', () => {
    const limits = { uniform: Math.sqrt(3 * variance), normal: (2 * Math.sqrt(variance)) / 0.87962566 }
    expect(describeValues(draw({ use: uniform })).largest).toBeLessThanOrEqual(limits.uniform)
    expect(describeValues(draw({ use: normal })).largest).toBeLessThanOrEqual(limits.normal)
    expect(describeValues(draw({ use: normal })).largest).toBeGreaterThan(0.99 * limits.normal)
  })
})

test('plain distributions have the numbers they are given', () => {
  const uniform = draw({ use: 'randomUniform', min: 1, max: 3 })
  expect([Math.min(...uniform).toFixed(2), Math.max(...uniform).toFixed(2)]).toEqual(['1.00', '3.00'])
  const normal = describeValues(draw({ use: 'randomNormal', mean: 5, stddev: 2 }))
  expect([normal.mean.toFixed(1), normal.deviation.toFixed(1)]).toEqual(['5.0', '2.0'])
  const filled = (['zeros', 'ones'] as const).map((use) => [...new Set(draw({ use }))])
  expect([...filled, [...new Set(draw({ use: 'constant', value: -0.5 }))]]).toEqual([[0], [1], [-0.5]])
})

test('values depend on the seed and the name of the tensor, and on nothing else', () => {
  const use = { use: 'heNormal' } as const
  expect(draw(use)).toEqual(draw(use))
  expect(draw(use, 'dense_2/kernel')).not.toEqual(draw(use))
  expect(draw(use, kernel.name, 2)).not.toEqual(draw(use))
})

test.each([
  ['columns', [3, 4, 5]],
  ['columns', [6, 6]],
  ['rows', [3, 8]]
])('orthogonal values have orthonormal %s in the shape %j', (axis, shape) => {
  const columns = shape[shape.length - 1]
  const rows = shape.slice(0, -1).reduce((product, each) => product * each, 1)
  const values = orthogonalValues({ ...kernel, shape }, 1)
  const vectors = Array.from({ length: Math.min(rows, columns) }, (_, i) =>
    Array.from({ length: Math.max(rows, columns) }, (__, j) =>
      axis === 'columns' ? values[j * columns + i] : values[i * columns + j]
    )
  )
  vectors.forEach((a, i) =>
    vectors.forEach((b, j) => {
      expect(a.reduce((sum, value, k) => sum + value * b[k], 0)).toBeCloseTo(i === j ? 1 : 0, 6)
    })
  )
  expect(orthogonalValues({ ...kernel, shape }, 1)).toEqual(values)
  expect(orthogonalValues({ ...kernel, shape }, 2)).not.toEqual(values)
})

test('orthogonal multiplies an orthogonal matrix with its gain, identity a matrix of ones on the diagonal', () => {
  const tensor = { ...kernel, shape: [2, 2, 3] }
  expect(Array.from(initialValues({ use: 'orthogonal', gain: 2 }, tensor, 1))).toEqual(
    Array.from(orthogonalValues(tensor, 1), (value) => 2 * value)
  )
  expect(Array.from(initialValues({ use: 'identity', gain: 3 }, tensor, 1))).toEqual([
    3, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0
  ])
})
