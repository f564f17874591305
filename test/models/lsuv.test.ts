import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { layer, type Layer } from '#contract/vocabulary'
import { buildModel } from '../../src-main/models/build'
import { initializeBySequence } from '../../src-main/models/lsuv'
import type { Tensors } from '../../src-main/models/layer'
import { startCpu } from '../oracles/cpu'
import { registerUniformKernel } from './uniform-kernel'

beforeAll(async () => {
  await startCpu()
  registerUniformKernel()
})

const layers: Layer[] = [
  { use: 'conv2d', filters: 4, kernelSize: 3, activation: 'relu' },
  { use: 'batchNormalization' },
  {
    use: 'residual',
    shortcut: 'projection',
    layers: [
      { use: 'conv2d', filters: 6, kernelSize: 3, strides: 2, padding: 'same', activation: 'sigmoid' },
      { use: 'dropout', rate: 0.4 }
    ]
  },
  { use: 'flatten' },
  {
    use: 'weightNormalization',
    layer: { use: 'dense', units: 20, activation: 'relu', biasInitializer: { use: 'constant', value: 0.5 } }
  },
  { use: 'dense', units: 5 }
].map((each) => layer.parse(each))
const model = buildModel(layers, [8, 8, 1])
const batch = () => ({
  features: tf.randomUniform([20, 8, 8, 1], 0, 255, 'float32', 9),
  seed: [5, 0] as const
})
const lsuv = { use: 'lsuv', tolerance: 0.01, iterations: 10 } as const
const initialize = (seed = 1): Tensors => initializeBySequence(model, layers, lsuv, batch(), seed)

/** Variance of what each unit gives for the batch, as a training step sees it. */
function variances(parameters: Tensors): Record<string, number> {
  const { features, seed } = batch()
  const fed = { 'residual_1/dropout_1/rate': tf.scalar(0.4) }
  const mode = { training: true, seed: tf.tensor1d(seed as unknown as number[], 'int32') } as const
  const found: Record<string, number> = {}
  model.apply(features, parameters, model.initialState(), fed, mode, ({ name }, output) => {
    found[name] = tf.moments(output).variance.dataSync()[0]
  })
  return found
}

test('every layer with a kernel gives values of variance 1, whatever its input and its activation', () => {
  const found = variances(initialize())
  const weighted = [
    'conv2d_1',
    'residual_1/conv2d_1',
    'residual_1/shortcut',
    'weightNormalization_1',
    'dense_1'
  ]
  for (const name of weighted) expect([name, Math.abs(found[name] - 1) < 0.01]).toEqual([name, true])
  expect(Math.abs(variances(model.initialParameters(1)).conv2d_1 - 1)).toBeGreaterThan(1)
})

test('kernels are orthogonal but for their scale, and what is no kernel starts as it would', () => {
  const parameters = initialize()
  const kernel = parameters['dense_1/kernel']
  const products = tf.matMul(kernel, kernel, true).dataSync()
  const [scale] = products
  products.forEach((value, index) => {
    const isSame = index % 5 === Math.floor(index / 5)
    expect(value / scale).toBeCloseTo(isSame ? 1 : 0, 5)
  })
  const plain = model.initialParameters(1)
  for (const name of Object.keys(plain).filter((each) => /\/(bias|offset)$/.test(each)))
    expect(parameters[name].dataSync()).toEqual(plain[name].dataSync())
})

test('the same seed and batch give the same weights', () => {
  const values = (seed: number): unknown =>
    Object.values(initialize(seed)).map((tensor) => Array.from(tensor.dataSync()))
  expect(values(1)).toEqual(values(1))
  expect(values(1)).not.toEqual(values(2))
})

test('a layer that gives nothing but zeros stays as it is', () => {
  const dense: Layer[] = [layer.parse({ use: 'dense', units: 3 })]
  const dead = { features: tf.zeros([4, 2]), seed: [1, 0] as const }
  const parameters = initializeBySequence(buildModel(dense, [2]), dense, lsuv, dead, 1)
  expect(parameters['dense_1/kernel'].dataSync().every(Number.isFinite)).toBe(true)
})

test('no tensor is left behind but the weights', () => {
  const own = batch()
  const before = tf.memory().numTensors
  const parameters = initializeBySequence(model, layers, lsuv, own, 1)
  expect(tf.memory().numTensors - before).toBe(Object.keys(parameters).length)
})
