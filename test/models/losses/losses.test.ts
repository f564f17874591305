import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { lossOf } from '../../../src-main/models/losses'
import { valuesOf } from '../../oracles/closeness'
import { startCpu } from '../../oracles/cpu'

beforeAll(startCpu)

const crossEntropy = lossOf({ use: 'softmaxCrossEntropy', weight: 1 }, true)

test('cross-entropy stays finite where exp would overflow', () => {
  const outputs = tf.tensor2d([
    [1e30, -1e30, 0],
    [0, 3e4, -3e4]
  ])
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
    crossEntropy.compute(x, tf.tensor1d([0, 1], 'int32'))
  )(outputs)
  expect([valuesOf(value), valuesOf(grad)]).toEqual([[0], [0, 0, 0, 0, 0, 0]])
})

test('a NaN output makes loss and gradient NaN', () => {
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
    crossEntropy.compute(x, tf.tensor1d([0], 'int32'))
  )(tf.tensor2d([[NaN, 1]]))
  expect([valuesOf(value), valuesOf(grad)]).toEqual([[NaN], [NaN, NaN]])
})

test('numbers given as a column or as a row are the same targets', () => {
  const { compute } = lossOf({ use: 'meanSquaredError', weight: 1 }, false)
  const outputs = tf.tensor2d([[1], [2], [4]])
  const loss = compute(outputs, tf.tensor1d([1, 0, 1]))
  expect(valuesOf(loss)[0]).toBeCloseTo(13 / 3, 6)
})

test('accuracy is the share of samples whose largest output is their class', () => {
  const outputs = tf.tensor2d([
    [1, 2],
    [3, 0],
    [0, 1],
    [5, 4]
  ])
  const accuracy = crossEntropy.accuracy?.(outputs, tf.tensor1d([1, 1, 1, 0], 'int32'))
  expect(accuracy && valuesOf(accuracy)).toEqual([0.75])
})

test('where targets are numbers there is no accuracy', () => {
  expect(lossOf({ use: 'meanSquaredError', weight: 1 }, false)).not.toHaveProperty('accuracy')
})
