import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { buildModel } from '../../../src-main/models/build'
import { computeOn, expectAsPlain, numbers } from './on-engine'

describe('rows by their numbers on native-cpu', () => {
  const rowsOf = (table: tf.Tensor): tf.Tensor =>
    tf.gather(
      table,
      tf.tensor2d(
        [
          [3, 0],
          [3, 1]
        ],
        [2, 2],
        'int32'
      )
    )

  it('are those of the plain engine, and so is their gradient', () =>
    expectAsPlain('native-cpu', () => {
      const table = numbers('table', 4, 3)
      return [rowsOf(table), tf.grad(rowsOf)(table, numbers('dy', 2, 2, 3))]
    }))

  it('are refused outside the table', () =>
    expect(computeOn('native-cpu', () => [rowsOf(numbers('table', 3, 3))])).rejects.toThrow('not in'))
})

describe('activations on native-cpu', () => {
  const activations: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    relu: tf.relu,
    tanh: tf.tanh,
    sigmoid: tf.sigmoid
  }
  it.each(Object.keys(activations))('%s and its gradient are those of the plain engine', (name) =>
    expectAsPlain('native-cpu', () => {
      const x = tf.mul(numbers('x', 6, 10), 4)
      return [activations[name](x), tf.grad(activations[name])(x, numbers('dy', 6, 10))]
    })
  )
})

describe('matrix products on native-cpu', () => {
  it('with a large transposed matrix are those of the plain engine', () =>
    expectAsPlain('native-cpu', () => [
      tf.div(tf.matMul(numbers('a', 3, 300), numbers('b', 500, 300), false, true), 300)
    ]))

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true]
  ])('are those of the plain engine (first transposed %s, second %s)', (first, second) =>
    expectAsPlain('native-cpu', () => {
      const shapes = { a: first ? [7, 5] : [5, 7], b: second ? [4, 7] : [7, 4] }
      return [
        tf.matMul(numbers('a', ...shapes.a), numbers('b', ...shapes.b), first, second),
        tf.matMul(numbers('a', 3, ...shapes.a), numbers('b', 3, ...shapes.b), first, second),
        tf.matMul(numbers('a', 3, ...shapes.a), numbers('b', ...shapes.b), first, second)
      ]
    })
  )
})

describe.each([
  ['images', [4, 3, 2]],
  ['sequences', [5, 2]]
])('batch normalization of %s on native-cpu', (_, shape) => {
  const model = buildModel(
    [{ use: 'batchNormalization', name: 'layer', momentum: 0.9, epsilon: 0.01 }],
    shape
  )
  const normalize = (x: tf.Tensor, gain: tf.Tensor, offset: tf.Tensor) =>
    model.apply(
      x,
      { 'layer/gain': gain, 'layer/offset': offset },
      { 'layer/movingMean': numbers('mean', 2), 'layer/movingVariance': tf.ones([2]) },
      {},
      { training: true, seed: tf.tensor1d([1, 2], 'int32') }
    )

  it.each([1, 5])('gives outputs, averages and gradients of the plain engine for a batch of %i', (batch) =>
    expectAsPlain('native-cpu', () => {
      const own = [numbers('x', batch, ...shape), numbers('gain', 2), numbers('offset', 2)] as const
      const { outputs, state } = normalize(...own)
      const outputOf = (...given: tf.Tensor[]): tf.Tensor => normalize(given[0], given[1], given[2]).outputs
      return [
        outputs,
        state['layer/movingMean'],
        state['layer/movingVariance'],
        ...tf.grads(outputOf)([...own], numbers('dy', batch, ...shape))
      ]
    })
  )
})
