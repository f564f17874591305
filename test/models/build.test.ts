import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseExperiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import { layer, type Layer } from '#contract/vocabulary'
import { buildModel, checkOutput } from '../../src-main/models/build'
import { lossOf } from '../../src-main/models/losses'
import { startCpu } from '../oracles/cpu'
import { registerUniformKernel } from './uniform-kernel'

beforeAll(async () => {
  await startCpu()
  registerUniformKernel()
})

const preset = parseExperiment(
  JSON.parse(readFileSync(new URL('../../resources/presets/mnist-cnn.json', import.meta.url), 'utf8'))
)
const layersOf = (...layers: { use: Layer['use']; [option: string]: unknown }[]): Layer[] =>
  layers.map((each) => layer.parse(each))
const small = layersOf(
  { use: 'conv2d', filters: 2, kernelSize: 3, activation: 'relu' },
  { use: 'batchNormalization' },
  { use: 'maxPooling2d' },
  { use: 'flatten' },
  { use: 'dropout', rate: 0.25, name: 'thin' },
  { use: 'dense', units: 3, activation: 'tanh', useBias: false }
)

/** What was thrown, as key and values. */
function refusal(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    if (error instanceof Failure) return { key: error.key, ...error.values }
    throw error
  }
  return 'nothing was refused'
}

test('activations are units of their own, and the summary keeps the layers of the experiment', () => {
  const model = buildModel(small, [6, 6, 1])
  expect(model.units.map(({ name, layer, outputShape }) => [name, layer, outputShape])).toEqual([
    ['conv2d_1', 'conv2d_1', [4, 4, 2]],
    ['conv2d_1/activation', 'conv2d_1', [4, 4, 2]],
    ['batchNormalization_1', 'batchNormalization_1', [4, 4, 2]],
    ['maxPooling2d_1', 'maxPooling2d_1', [2, 2, 2]],
    ['flatten_1', 'flatten_1', [8]],
    ['thin', 'thin', [8]],
    ['dense_1', 'dense_1', [3]],
    ['dense_1/activation', 'dense_1', [3]]
  ])
  expect(model.summary.layers.map(({ name, parameters }) => [name, parameters])).toEqual([
    ['conv2d_1', 20],
    ['batchNormalization_1', 4],
    ['maxPooling2d_1', 0],
    ['flatten_1', 0],
    ['thin', 0],
    ['dense_1', 24]
  ])
})

test('the table of parameters tells the job of each tensor', () => {
  const model = buildModel(small, [6, 6, 1])
  expect(
    model.parameters.map((each) => [each.name, each.shape, each.fanIn, each.fanOut, each.isOutput])
  ).toEqual([
    ['conv2d_1/kernel', [3, 3, 1, 2], 9, 18, false],
    ['conv2d_1/bias', [2], 2, 2, false],
    ['batchNormalization_1/gain', [2], 2, 2, false],
    ['batchNormalization_1/offset', [2], 2, 2, false],
    ['dense_1/kernel', [8, 3], 8, 3, true]
  ])
  expect(model.layers).toEqual(['conv2d_1', 'batchNormalization_1', 'dense_1'])
})

test('live numbers are read from the layers as they are now', () => {
  const model = buildModel(small, [6, 6, 1])
  const now = small.map((each) => (each.use === 'dropout' ? { ...each, rate: 0.75 } : each))
  expect([model.scalars(small), model.scalars(now)]).toEqual([{ 'thin/rate': 0.25 }, { 'thin/rate': 0.75 }])
})

test('the same seed gives the same first values, in the shapes of the table', () => {
  const model = buildModel(small, [6, 6, 1])
  const values = (seed: number): unknown =>
    Object.entries(model.initialParameters(seed)).map(([name, tensor]) => [
      name,
      tensor.shape,
      ...tensor.dataSync()
    ])
  expect(values(4)).toEqual(values(4))
  expect(values(4)).not.toEqual(values(5))
  expect(Object.entries(model.initialParameters(4)).map(([name, { shape }]) => [name, shape])).toEqual(
    model.parameters.map(({ name, shape }) => [name, shape])
  )
})

test('the network of the preset has 693,962 parameters', () => {
  const { summary, outputShape } = buildModel(preset.model.layers, [28, 28, 1])
  expect([outputShape, summary.parameters, summary.layers.map(({ multiplyAdds }) => multiplyAdds)]).toEqual([
    [10],
    320 + 5408 * 128 + 128 + 1290,
    [26 * 26 * 9 * 32, 0, 0, 5408 * 128, 0, 1280]
  ])
})

test('gradients of a whole model agree with finite differences', () => {
  // Smooth everywhere, so that a difference of finite size is fair.
  const layers = layersOf(
    { use: 'conv2d', filters: 2, kernelSize: 2, activation: 'tanh' },
    { use: 'batchNormalization' },
    { use: 'averagePooling2d', padding: 'same', size: 2 },
    { use: 'dropout', rate: 0.3 },
    { use: 'flatten' },
    { use: 'dense', units: 3, activation: 'elu' }
  )
  const model = buildModel(layers, [4, 4, 1])
  const { compute } = lossOf({ use: 'softmaxCrossEntropy', weight: 1 }, true)
  const x = tf.tensor4d(
    Array.from({ length: 48 }, (_, index) => Math.sin(index * 1.7)),
    [3, 4, 4, 1]
  )
  const targets = tf.tensor1d([0, 2, 1], 'int32')
  const fed = { 'dropout_1/rate': tf.scalar(0.3) }
  const mode = { training: true, seed: tf.tensor1d([1, 1], 'int32') } as const
  const parameters = model.initialParameters(3)
  const names = Object.keys(parameters)
  const lossAt = (...values: tf.Tensor[]): tf.Scalar => {
    const own = Object.fromEntries(names.map((name, index) => [name, values[index]]))
    return compute(model.apply(x, own, model.initialState(), fed, mode).outputs, targets)
  }
  const values = Object.values(parameters)
  const gradients = tf.grads(lossAt)(values)

  // Along each gradient, the loss must change by its squared norm.
  names.forEach((_, index) => {
    const squaredNorm = tf.sum(tf.square(gradients[index])).dataSync()[0]
    const size = 0.01 / Math.sqrt(squaredNorm)
    const [above, below] = [size, -size].map((by) => {
      const moved = tf.add(values[index], tf.mul(gradients[index], by))
      return lossAt(...values.map((value, other) => (other === index ? moved : value))).dataSync()[0]
    })
    expect((above - below) / (2 * size) / squaredNorm).toBeCloseTo(1, 2)
  })
})

test('passes leave no tensor behind', () => {
  const model = buildModel(small, [6, 6, 1])
  const parameters = model.initialParameters(1)
  const state = model.initialState()
  const pass = (): void => {
    tf.tidy(() => {
      const own = Object.keys(parameters)
      const fed = { 'thin/rate': tf.scalar(0.25) }
      const mode = { training: true, seed: tf.tensor1d([1, 1], 'int32') } as const
      tf.valueAndGrads((...values: tf.Tensor[]) => {
        const current = Object.fromEntries(own.map((name, index) => [name, values[index]]))
        const { outputs } = model.apply(tf.ones([2, 6, 6, 1]), current, state, fed, mode)
        return lossOf({ use: 'softmaxCrossEntropy', weight: 1 }, true).compute(
          outputs,
          tf.tensor1d([0, 1], 'int32')
        )
      })(Object.values(parameters))
    })
  }
  pass()
  const before = tf.memory().numTensors
  for (let i = 0; i < 5; i++) pass()
  expect(tf.memory().numTensors).toBe(before)
})

describe('what cannot be built is refused with the layer and the shapes', () => {
  test('a dense layer on images', () => {
    const layers = layersOf(
      { use: 'conv2d', filters: 2, kernelSize: 3, activation: 'relu' },
      { use: 'dense', units: 3 }
    )
    expect(refusal(() => buildModel(layers, [6, 6, 1]))).toEqual({
      key: 'model.flatInput',
      layer: 'dense_1',
      found: '[4, 4, 2]',
      from: 'conv2d_1'
    })
  })

  test('a convolution on flat samples', () => {
    const layers = layersOf({ use: 'conv2d', filters: 2, kernelSize: 3 })
    expect(refusal(() => buildModel(layers, [784]))).toEqual({
      key: 'model.imageInput',
      layer: 'conv2d_1',
      found: '[784]',
      from: 'input'
    })
  })

  test.each([
    [{ use: 'conv2d', filters: 2, kernelSize: [2, 5] }, 'conv2d_1', '2 × 5'],
    [{ use: 'maxPooling2d', size: 5 }, 'maxPooling2d_1', '5 × 5'],
    [{ use: 'averagePooling2d', size: [5, 1] }, 'averagePooling2d_1', '5 × 1']
  ] as const)('a window larger than the image: %o', (large, name, window) => {
    expect(refusal(() => buildModel(layersOf(large), [4, 4, 1]))).toEqual({
      key: 'model.windowTooLarge',
      layer: name,
      window,
      found: '[4, 4, 1]',
      from: 'input'
    })
  })

  test('an output that fits neither the classes nor the targets', () => {
    const dense = (units: number) => buildModel(layersOf({ use: 'dense', units }), [4])
    const image = buildModel(layersOf({ use: 'maxPooling2d' }), [4, 4, 1])
    expect([
      refusal(() => checkOutput(dense(12), { classes: 10 })),
      refusal(() => checkOutput(dense(1), { classes: 10 })),
      refusal(() => checkOutput(image, { classes: 10 })),
      refusal(() => checkOutput(dense(2), { targetSize: 1 })),
      refusal(() => checkOutput(dense(10), { classes: 10 })),
      refusal(() => checkOutput(dense(1), { classes: 2 })),
      refusal(() => checkOutput(dense(2), { targetSize: 2 }))
    ]).toEqual([
      { key: 'model.outputClasses', layer: 'dense_1', found: '[12]', classes: 10, expected: '[10]' },
      { key: 'model.outputClasses', layer: 'dense_1', found: '[1]', classes: 10, expected: '[10]' },
      { key: 'model.outputNotFlat', layer: 'maxPooling2d_1', found: '[2, 2, 1]' },
      { key: 'model.outputNumbers', layer: 'dense_1', found: '[2]', numbers: 1, expected: '[1]' },
      'nothing was refused',
      'nothing was refused',
      'nothing was refused'
    ])
  })
})
