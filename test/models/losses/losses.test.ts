import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { loss as lossSchema } from '#contract/vocabulary'
import { lossOf, type LossFunction } from '../../../src-main/models/losses'
import { valuesOf } from '../../oracles/closeness'
import { startCpu } from '../../oracles/cpu'

beforeAll(startCpu)

const ofClasses = (word: { use: string; [option: string]: unknown }): LossFunction =>
  lossOf(lossSchema.parse(word), true)
const crossEntropy = ofClasses({ use: 'softmaxCrossEntropy' })

/** Value and gradient of a loss at some outputs. */
function lossAt({ compute }: LossFunction, outputs: number[][], targets: tf.Tensor): [number[], number[]] {
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => compute(x, targets))(tf.tensor2d(outputs))
  return [valuesOf(value), valuesOf(grad)]
}
const classes = (...numbers: number[]): tf.Tensor => tf.tensor1d(numbers, 'int32')

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
  const shares = tf.tensor2d([
    [0.4, 0.6],
    [0.1, 0.9],
    [0, 1],
    [0.7, 0.3]
  ])
  const accuracies = [classes(1, 1, 1, 0), shares].map(
    (targets) => crossEntropy.accuracy?.(outputs, targets) ?? tf.scalar(NaN)
  )
  expect(accuracies.map(valuesOf)).toEqual([[0.75], [0.75]])
})

test.each([
  ['softmaxCrossEntropy', [-3, 0.2, 0.4, 4]],
  ['binaryCrossEntropy', [-3, 0.2, 0.4, 4]],
  ['categoricalCrossEntropy', [0.1, 0.7, 0.6, 0.9]],
  ['meanSquaredError', [0.1, 0.7, 0.6, 0.9]],
  ['meanAbsoluteError', [0.1, 0.7, 0.6, 0.9]],
  ['huber', [0.1, 0.7, 0.6, 0.9]]
])('one output of %s stands for two classes: above its threshold for the second', (use, outputs) => {
  const accuracy = (targets: tf.Tensor): tf.Scalar | undefined =>
    ofClasses({ use }).accuracy?.(tf.tensor2d(outputs, [4, 1]), targets)
  const shares = tf.tensor2d([0.8, 0.2, 0.3, 0.7, 0.6, 0.4, 0, 1], [4, 2])
  const found = [classes(0, 1, 0, 1), shares].map((targets) => valuesOf(accuracy(targets) ?? tf.scalar(NaN)))
  expect(found).toEqual([[0.75], [0.75]])
})

test('the softmax of one output is 1 whatever it is, so its loss and its gradient are 0', () => {
  const found = lossAt(crossEntropy, [[3], [-2], [0.5]], classes(0, 1, 1)).map((values) =>
    values.map(Math.abs)
  )
  expect(found).toEqual([[0], [0, 0, 0]])
})

test('binary cross-entropy stays finite and exact where exp would overflow', () => {
  const [value, gradient] = lossAt(
    ofClasses({ use: 'binaryCrossEntropy' }),
    [[1e30], [-1e30], [3e4], [0]],
    classes(1, 0, 0, 1)
  )
  expect(value[0]).toBeCloseTo((3e4 + Math.LN2) / 4, 2)
  expect(gradient.map(Math.abs)).toEqual([0, 0, 0.25, 0.125])
})

test('categorical cross-entropy of probability 0 is finite with a clip, and infinite without', () => {
  const zero = [[0, 1]]
  const value = (clip: number): number =>
    lossAt(ofClasses({ use: 'categoricalCrossEntropy', clip }), zero, classes(0))[0][0]
  expect(value(1e-7)).toBeCloseTo(-Math.log(1e-7), 4)
  expect(value(0.01)).toBeCloseTo(-Math.log(0.01), 5)
  expect(Number.isFinite(value(0))).toBe(false)
})

test('outputs that are all 0 are no probabilities', () => {
  expect(lossAt(ofClasses({ use: 'categoricalCrossEntropy' }), [[0, 0]], classes(0))[0]).toEqual([NaN])
})

test('an absolute error of 0 pulls in no direction', () => {
  const [, gradient] = lossAt(
    lossOf(lossSchema.parse({ use: 'meanAbsoluteError' }), false),
    [[2, 3, 1]],
    tf.tensor2d([[2, 1, 4]])
  )
  expect(gradient).toEqual([0, 1 / 3, -1 / 3].map(Math.fround))
})

test('the pull of an error on a Huber loss ends at delta, however large the error is', () => {
  const huber = lossOf(lossSchema.parse({ use: 'huber', delta: 2 }), false)
  const [value, gradient] = lossAt(huber, [[1], [1e25]], tf.tensor2d([[0], [0]]))
  expect([value[0] / 1e25, gradient]).toEqual([expect.closeTo(1, 5), [0.5, 1]])
})

test('weights of samples and the weight of the loss are multiplied', () => {
  const squares = lossOf(lossSchema.parse({ use: 'meanSquaredError', weight: -2 }), false)
  const outputs = tf.tensor2d([[1], [2], [3]])
  const loss = squares.compute(outputs, tf.zeros([3, 1]), tf.tensor1d([3, 0, 1]))
  expect(valuesOf(loss)).toEqual([-8])
})

test('where targets are numbers there is no accuracy', () => {
  expect(lossOf({ use: 'meanSquaredError', weight: 1 }, false)).not.toHaveProperty('accuracy')
})
