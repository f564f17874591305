import { beforeAll, expect, test } from 'vitest'
import { Failure } from '#contract/failure'
import { kerasModel } from '../../../src-main/exporters/formats/keras-model'
import { artifactOf, experimentOf } from '../artifact'
import { startCpu } from '../../oracles/cpu'

beforeAll(startCpu)

const namesOf = (layers: { class_name: string; config: { name: string } }[]): string[] =>
  layers.map(({ class_name, config }) => `${class_name} ${config.name}`)

test('layers keep their names, and what is added takes names that are free', () => {
  const experiment = experimentOf([
    { use: 'flatten' },
    { use: 'dense', units: 4, activation: 'leakyRelu', name: 'prepare' },
    { use: 'dense', units: 2, activation: 'relu', name: 'softmax' }
  ])
  const { layers, added } = kerasModel(artifactOf(experiment, [4, 4, 1], 1))
  expect({ layers: namesOf(layers), added }).toEqual({
    layers: [
      'Rescaling prepare_2',
      'Flatten flatten_1',
      'Dense prepare',
      'LeakyReLU prepare_activation',
      'Dense softmax',
      'Activation softmax_2'
    ],
    added: ['prepare_2', 'softmax_2']
  })
})

test('a layer has its options, its initializers and its weights in the words of Keras', () => {
  const plain = { data: { source: { use: 'digits' as const } }, loss: { use: 'meanSquaredError' as const } }
  const experiment = experimentOf([{ use: 'dense', units: 3, initializer: { use: 'heNormal' } }], plain)
  const { layers, weights, isChain } = kerasModel(artifactOf(experiment, [5], 1))
  expect({ layers, isChain, weights: weights.map(({ name, shape }) => [name, shape]) }).toEqual({
    layers: [
      {
        class_name: 'Dense',
        config: {
          name: 'dense_1',
          trainable: true,
          units: 3,
          activation: 'linear',
          use_bias: true,
          kernel_initializer: {
            class_name: 'VarianceScaling',
            config: { scale: 2, mode: 'fan_in', distribution: 'normal', seed: null }
          },
          bias_initializer: { class_name: 'Zeros', config: {} }
        },
        inputs: ['input']
      }
    ],
    isChain: true,
    weights: [
      ['dense_1/kernel', [5, 3]],
      ['dense_1/bias', [3]]
    ]
  })
})

test('a residual is an addition of its branch and of what goes past it', () => {
  const experiment = experimentOf([
    {
      use: 'residual',
      shortcut: 'projection',
      activation: 'relu',
      layers: [{ use: 'conv2d', filters: 4, kernelSize: 3, strides: 2, padding: 'same' }]
    },
    { use: 'flatten' },
    { use: 'residual', layers: [{ use: 'dense', units: 16, name: 'inside' }] }
  ])
  const { layers, isChain, weights } = kerasModel(artifactOf(experiment, [4, 4, 1], 1))
  expect(layers.map(({ class_name, config, inputs }) => [class_name, config.name, ...inputs])).toEqual([
    ['Rescaling', 'prepare', 'input'],
    ['Conv2D', 'residual_1_shortcut', 'prepare'],
    ['Conv2D', 'residual_1_conv2d_1', 'prepare'],
    ['Add', 'residual_1', 'residual_1_conv2d_1', 'residual_1_shortcut'],
    ['Activation', 'residual_1_activation', 'residual_1'],
    ['Flatten', 'flatten_1', 'residual_1_activation'],
    ['Dense', 'residual_2_inside', 'flatten_1'],
    ['Add', 'residual_2', 'residual_2_inside', 'flatten_1'],
    ['Activation', 'softmax', 'residual_2']
  ])
  expect(isChain).toBe(false)
  expect(layers[1].config).toMatchObject({
    kernel_size: [1, 1],
    strides: [2, 2],
    filters: 4,
    use_bias: false
  })
  expect(weights.map(({ name }) => name)).toContain('residual_1_shortcut/kernel')
})

test('normalized weights are written as the plain kernel that they make', () => {
  const experiment = experimentOf([{ use: 'weightNormalization', layer: { use: 'dense', units: 2 } }])
  const artifact = artifactOf(experiment, [2], 1)
  artifact.tensors = [
    { name: 'weightNormalization_1/kernel', shape: [2, 2], values: Float32Array.of(3, 0, 4, 0) },
    { name: 'weightNormalization_1/gain', shape: [2], values: Float32Array.of(10, 7) },
    { name: 'weightNormalization_1/bias', shape: [2], values: Float32Array.of(1, 2) }
  ]
  expect(kerasModel(artifact).weights).toEqual([
    { name: 'weightNormalization_1/kernel', shape: [2, 2], values: Float32Array.of(6, 0, 8, 0) },
    { name: 'weightNormalization_1/bias', shape: [2], values: Float32Array.of(1, 2) }
  ])
})

test('an activation that TensorFlow.js does not have is named with its layer', () => {
  const experiment = experimentOf([{ use: 'dense', units: 2, activation: 'exponential', name: 'steep' }])
  expect(() => kerasModel(artifactOf(experiment, [2], 1))).toThrow(
    new Failure('export.noWord', { layer: 'steep', word: 'exponential' })
  )
})

test('flattening what is flat is left out, because Keras refuses it', () => {
  const experiment = experimentOf([{ use: 'flatten' }, { use: 'dense', units: 2 }])
  const { layers } = kerasModel(artifactOf(experiment, [5], 1))
  expect(namesOf(layers)).toEqual(['Rescaling prepare', 'Dense dense_1', 'Activation softmax'])
})

test('what judges outputs one by one ends in a sigmoid', () => {
  const experiment = experimentOf([{ use: 'dense', units: 1, activation: 'silu' }], {
    loss: { use: 'binaryCrossEntropy' }
  })
  const { layers } = kerasModel(artifactOf(experiment, [5], 1))
  expect(layers.slice(1).map(({ config }) => [config.name, config.activation])).toEqual([
    ['dense_1', 'swish'],
    ['sigmoid', 'sigmoid']
  ])
})
