import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { computeOn, expectAsPlain, numbers } from './on-engine'

type Padding = 'same' | 'valid'

const convolutions = [
  { height: 6, width: 7, kernel: [3, 3], channels: 1, filters: 4 },
  { height: 5, width: 5, kernel: [1, 1], channels: 3, filters: 2 },
  { height: 7, width: 6, kernel: [2, 3], channels: 2, filters: 3 },
  { height: 9, width: 8, kernel: [5, 4], channels: 3, filters: 5 }
]
const strides: (number | [number, number])[] = [1, 2, 3, [2, 1]]
const paddings: Padding[] = ['valid', 'same']
const cases = paddings.flatMap((padding) => strides.map((stride) => ({ padding, stride })))

describe('gradients of a convolution on wasm', () => {
  describe.each(convolutions)('of $height×$width images with a $kernel filter', (about) => {
    it.each(cases)(
      'are those of the plain engine (stride $stride, padding $padding)',
      ({ padding, stride }) =>
        expectAsPlain('wasm', () => {
          const x = numbers('x', 2, about.height, about.width, about.channels)
          const filter = numbers('filter', about.kernel[0], about.kernel[1], about.channels, about.filters)
          const convolve = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
            tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, padding)
          const y = convolve(x, filter)
          return [y, ...tf.grads(convolve)([x, filter], numbers('dy', ...y.shape))]
        })
    )
  })
})

describe('gradients of a depthwise convolution on wasm', () => {
  const depthwise = [
    { kernel: [3, 3], multiplier: 1 },
    { kernel: [2, 3], multiplier: 2 },
    { kernel: [1, 1], multiplier: 3 }
  ]
  const moves = paddings.flatMap((padding) => [1, 2, 3].map((stride) => ({ padding, stride })))

  describe.each(depthwise)(
    'with a $kernel filter, $multiplier for each channel',
    ({ kernel, multiplier }) => {
      it.each(moves)(
        'are those of the plain engine (stride $stride, padding $padding)',
        ({ padding, stride }) =>
          expectAsPlain('wasm', () => {
            const x = numbers('x', 2, 7, 6, 3)
            const filter = numbers('filter', kernel[0], kernel[1], 3, multiplier)
            const convolve = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
              tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, padding)
            const y = convolve(x, filter)
            return [y, ...tf.grads(convolve)([x, filter], numbers('dy', ...y.shape))]
          })
      )
    }
  )
})

describe('gradients of pooling on wasm', () => {
  const sizes = [
    { size: 2, stride: 2 },
    { size: 3, stride: 2 },
    { size: 2, stride: 1 },
    { size: 3, stride: 3 }
  ]
  const pools = paddings.flatMap((padding) => sizes.map((pool) => ({ ...pool, padding })))
  const kinds = { maximum: tf.maxPool, average: tf.avgPool }

  describe.each(['maximum', 'average'] as const)('by %s', (kind) => {
    it.each(pools)('are those of the plain engine (size $size, stride $stride, $padding)', (pool) =>
      expectAsPlain('wasm', () => {
        const reduce = (x: tf.Tensor): tf.Tensor =>
          kinds[kind](x as tf.Tensor4D, pool.size, pool.stride, pool.padding)
        const x = numbers('x', 3, 7, 8, 5)
        const y = reduce(x)
        return [y, tf.grad(reduce)(x, numbers('dy', ...y.shape))]
      })
    )
  })

  it('goes to the first of equal values only', () =>
    expectAsPlain('wasm', () => {
      const reduce = (x: tf.Tensor): tf.Tensor => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')
      return [tf.grad(reduce)(tf.ones([1, 4, 4, 2]), numbers('dy', 1, 2, 2, 2))]
    }))
})

describe('matrix products on wasm', () => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true]
  ])('are those of the plain engine (first transposed %s, second %s)', (first, second) =>
    expectAsPlain('wasm', () => {
      const flat = tf.matMul(
        numbers('a', ...(first ? [7, 5] : [5, 7])),
        numbers('b', ...(second ? [4, 7] : [7, 4])),
        first,
        second
      )
      const batched = tf.matMul(
        numbers('a', 3, ...(first ? [7, 5] : [5, 7])),
        numbers('b', 3, ...(second ? [4, 7] : [7, 4])),
        first,
        second
      )
      return [flat, batched]
    })
  )

  it('have the gradients of the plain engine', () =>
    expectAsPlain('wasm', () =>
      tf.grads((a, b) => tf.matMul(a, b))([numbers('a', 6, 5), numbers('b', 5, 4)], numbers('dy', 6, 4))
    ))
})

describe('activations on wasm', () => {
  const activations: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    relu: tf.relu,
    leakyRelu: (x) => tf.leakyRelu(x, 0.3),
    elu: tf.elu,
    selu: tf.selu,
    gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))),
    silu: (x) => tf.mul(x, tf.sigmoid(x)),
    tanh: tf.tanh,
    sigmoid: tf.sigmoid,
    softmax: (x) => tf.softmax(x),
    logSoftmax: (x) => tf.logSoftmax(x),
    softplus: tf.softplus,
    exponential: tf.exp
  }
  it.each(Object.keys(activations))('%s and its gradient are those of the plain engine', (name) =>
    expectAsPlain('wasm', () => {
      const x = tf.mul(numbers('x', 6, 10), 4)
      return [activations[name](x), tf.grad(activations[name])(x, numbers('dy', 6, 10))]
    })
  )
})

describe('what losses, norms and batch normalization are made of, on wasm', () => {
  const normalize = (x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor): tf.Tensor => {
    const { mean, variance } = tf.moments(x, [0, 1, 2])
    return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3))), gain), bias)
  }
  const parts: Record<string, () => tf.Tensor[]> = {
    'batch normalization': () =>
      tf.grads((x, gain, bias) => normalize(x, gain, bias))(
        [numbers('x', 4, 5, 5, 3), numbers('gain', 3), numbers('bias', 3)],
        numbers('dy', 4, 5, 5, 3)
      ),
    'softmax cross-entropy': () => [
      tf.grad((x) =>
        tf.neg(tf.mean(tf.sum(tf.mul(tf.softmax(numbers('labels', 4, 10)), tf.logSoftmax(x)), -1)))
      )(numbers('x', 4, 10))
    ],
    'mean squared error': () => [
      tf.grad((x) => tf.mean(tf.squaredDifference(x, numbers('y', 4, 3))))(numbers('x', 4, 3))
    ],
    'mean absolute error': () => [
      tf.grad((x) => tf.mean(tf.abs(tf.sub(x, numbers('y', 4, 3)))))(numbers('x', 4, 3))
    ],
    'a bias and its gradient': () =>
      tf.grads((x, bias) => tf.add(x, bias))(
        [numbers('x', 2, 3, 3, 4), numbers('bias', 4)],
        numbers('dy', 2, 3, 3, 4)
      ),
    'sums over segments': () => [
      tf.unsortedSegmentSum(numbers('x', 6, 3), tf.tensor1d([0, 2, 0, 1, 2, 2], 'int32'), 4)
    ],
    'a choice by a condition': () =>
      tf.grads((a, b) => tf.where(tf.greater(numbers('c', 5, 4), 0), a, b))(
        [numbers('a', 5, 4), numbers('b', 5, 4)],
        numbers('dy', 5, 4)
      ),
    clipping: () => [tf.grad((x) => tf.clipByValue(x, -0.5, 0.5))(numbers('x', 40), numbers('dy', 40))],
    'the largest magnitude': () => [tf.max(tf.abs(numbers('x', 40)))]
  }
  it.each(Object.keys(parts))('%s', (name) => expectAsPlain('wasm', parts[name]))

  it('tells finite numbers from others', async () => {
    const [{ values }] = await computeOn('wasm', () => [
      tf.cast(tf.isFinite(tf.tensor1d([1, NaN, Infinity, -Infinity, 1e38])), 'float32')
    ])
    expect(values).toEqual([1, 0, 0, 0, 1])
  })
})

describe('training steps on wasm', () => {
  it('leave no tensor behind', async () => {
    await computeOn('wasm', () => [tf.scalar(1)])
    const step = (): void =>
      tf.tidy(() => {
        const convolve = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
          tf.maxPool(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'), 2, 2, 'same')
        const dense = (x: tf.Tensor, filter: tf.Tensor, kernel: tf.Tensor): tf.Tensor =>
          tf.matMul(tf.reshape(convolve(x, filter), [2, 8]), kernel)
        tf.grads(dense)([numbers('x', 2, 8, 8, 1), numbers('filter', 3, 3, 1, 2), numbers('kernel', 8, 3)])
      })
    step()
    const { numTensors, numDataBuffers } = tf.memory()
    step()
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers })
  })
})
