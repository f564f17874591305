import { expect, test } from 'vitest'
import { applyAll } from '../../../src-main/datasets/preparation/apply'
import { momentsOf } from '../../../src-main/datasets/preparation/statistics'
import { relativeError } from '../../oracles/closeness'
import oracle from '../../oracles/preparation.json'

test.each(oracle.resize.map((each) => [each.images.shape.join(' × '), each] as const))(
  'images of %s are resized as TensorFlow resizes them',
  (_, { images, height, width, resized }) => {
    const found = applyAll([{ use: 'resize', height, width }], images.shape.slice(1), images.values)
    expect(relativeError(Array.from(found), resized.values)).toBeLessThan(1e-6)
  }
)

test.each(oracle.standardize.map((each) => [each.samples.shape.join(' × '), each] as const))(
  'samples of %s are standardized as Keras’ Normalization does it, in chunks or at once',
  (_, { samples, mean, variance, standardized }) => {
    const channels = mean.length
    const { values } = samples
    const cut = channels * 5
    for (const chunks of [[values], [values.slice(0, cut), values.slice(cut)]]) {
      const moments = momentsOf(() => chunks, channels)
      expect(relativeError(moments.mean, mean)).toBeLessThan(1e-6)
      expect(
        relativeError(
          moments.deviation.map((each) => each ** 2),
          variance
        )
      ).toBeLessThan(1e-5)
      const multiply = moments.deviation.map((each) => 1 / each)
      const found = applyAll(
        [{ use: 'affine', subtract: moments.mean, multiply }],
        samples.shape.slice(1),
        values
      )
      expect(relativeError(Array.from(found), standardized.values)).toBeLessThan(1e-5)
    }
  }
)

test('a deviation is right beside a mean that is a billion times as large', () => {
  const values = Array.from({ length: 10_000 }, (_, i) => 1e9 + (i % 2))
  const chunks = [values.slice(0, 3000), values.slice(3000, 3001), values.slice(3001)]
  const { mean, deviation } = momentsOf(() => chunks, 1)
  expect(mean).toEqual([1e9 + 0.5])
  expect(deviation[0]).toBeCloseTo(0.5, 9)
})
