import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import type { Layer } from '#contract/vocabulary'
import { buildModel } from '../../../src-main/models/build'
import { valuesOf } from '../../oracles/closeness'
import { startCpu } from '../../oracles/cpu'
import { registerUniformKernel } from '../uniform-kernel'

const SIZE = 20_000
const layers: Layer[] = [{ use: 'gaussianNoise', stddev: 0.5 }]
const model = buildModel(layers, [SIZE])

beforeAll(async () => {
  await startCpu()
  registerUniformKernel()
})

function disturb(stddev: number, seed: [number, number], x: tf.Tensor = tf.ones([1, SIZE])): tf.Tensor {
  const fed = { 'gaussianNoise_1/stddev': tf.scalar(stddev) }
  return model.apply(x, {}, {}, fed, { training: true, seed: tf.tensor1d(seed, 'int32') }).outputs
}

test('adds normal numbers of the fed deviation, not of the one that the model was built with', () => {
  const noise = valuesOf(disturb(2, [1, 1])).map((value) => value - 1)
  const meanOf = (power: number): number => noise.reduce((sum, value) => sum + value ** power, 0) / SIZE
  expect(Math.abs(meanOf(1))).toBeLessThan(0.05)
  expect(Math.abs(Math.sqrt(meanOf(2)) - 2)).toBeLessThan(0.05)
  // A normal distribution has three times the square of its variance as fourth moment, and no skew.
  expect(Math.abs(meanOf(3))).toBeLessThan(0.5)
  expect(Math.abs(meanOf(4) / 16 - 3)).toBeLessThan(0.2)
})

test('the same seed adds the same numbers, another step adds others', () => {
  const [first, again, later] = [disturb(1, [1, 7]), disturb(1, [1, 7]), disturb(1, [1, 8])].map(valuesOf)
  expect(again).toEqual(first)
  expect(later).not.toEqual(first)
})

test('gradients pass as they are', () => {
  const gradient = tf.grad((x: tf.Tensor) => disturb(1, [1, 3], x))(tf.zeros([1, SIZE]))
  expect(new Set(valuesOf(gradient))).toEqual(new Set([1]))
})

test('outside training nothing is added and no deviation is needed', () => {
  const x = tf.ones([1, SIZE])
  expect(model.apply(x, {}, {}, {}, { training: false }).outputs).toBe(x)
})
