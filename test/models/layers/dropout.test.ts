import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import type { Layer } from '#contract/vocabulary'
import { buildModel } from '../../../src-main/models/build'
import { valuesOf } from '../../oracles/closeness'
import { startCpu } from '../../oracles/cpu'
import { registerUniformKernel } from '../uniform-kernel'

const SIZE = 20_000
const layers: Layer[] = [{ use: 'dropout', rate: 0.5 }]
const salts: number[] = []

beforeAll(async () => {
  await startCpu()
  registerUniformKernel((salt) => salts.push(salt))
})

function drop(rate: number, seed: [number, number], x = tf.ones([1, SIZE])): tf.Tensor {
  const fed = { 'dropout_1/rate': tf.scalar(rate) }
  const mode = { training: true, seed: tf.tensor1d(seed, 'int32') } as const
  return buildModel(layers, [SIZE]).apply(x, {}, {}, fed, mode).outputs
}

test('the fed rate decides which share of values is dropped, not the rate that the model was built with', () => {
  const dropped = [0, 0.2, 0.9].map(
    (rate) => valuesOf(drop(rate, [1, 1])).filter((value) => value === 0).length / SIZE
  )
  expect(dropped.map((share) => share.toFixed(2))).toEqual(['0.00', '0.20', '0.90'])
})

test('what is kept is divided by the share that is kept', () => {
  const values = new Set(valuesOf(drop(0.75, [1, 1])))
  expect([...values].sort()).toEqual([0, 4])
})

test('the same seed drops the same values, another step drops others', () => {
  const [first, again, later] = [drop(0.5, [1, 7]), drop(0.5, [1, 7]), drop(0.5, [1, 8])].map(valuesOf)
  expect(again).toEqual(first)
  expect(later).not.toEqual(first)
})

test('the gradient passes where the value passed', () => {
  const x = tf.ones([1, SIZE])
  const gradient = tf.grad((input: tf.Tensor) => tf.sum(drop(0.5, [1, 3], input as tf.Tensor2D)))(x)
  expect(valuesOf(gradient)).toEqual(valuesOf(drop(0.5, [1, 3])))
})

test('outside training nothing is dropped and no rate is needed', () => {
  const x = tf.ones([1, SIZE])
  expect(buildModel(layers, [SIZE]).apply(x, {}, {}, {}, { training: false }).outputs).toBe(x)
})

test('the salts of two dropouts are so far apart that no step repeats the mask of another layer', () => {
  salts.length = 0
  const two: Layer[] = [...layers, { use: 'activation', activation: 'relu' }, ...layers]
  const fed = { 'dropout_1/rate': tf.scalar(0.5), 'dropout_2/rate': tf.scalar(0.5) }
  const mode = { training: true, seed: tf.tensor1d([1, 1], 'int32') } as const
  buildModel(two, [4]).apply(tf.ones([1, 4]), {}, {}, fed, mode)
  expect(salts).toHaveLength(2)
  expect(Math.abs(salts[0] - salts[1])).toBeGreaterThan(1e6)
})
