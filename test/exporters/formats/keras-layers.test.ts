import { expect, test } from 'vitest'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import { kerasModel } from '../../../src-main/exporters/formats/keras-layers'
import { experimentOf, planOf } from '../artifact'

const modelOf = (experiment: Experiment, shape: number[]) =>
  kerasModel({ experiment, preparation: planOf(experiment, shape) })
const namesOf = (layers: { class_name: string; config: { name: string } }[]): string[] =>
  layers.map(({ class_name, config }) => `${class_name} ${config.name}`)

test('layers keep their names, and what is added takes names that are free', () => {
  const { layers, added } = modelOf(
    experimentOf([
      { use: 'flatten' },
      { use: 'dense', units: 4, activation: 'leakyRelu', name: 'prepare' },
      { use: 'dense', units: 2, activation: 'relu', name: 'softmax' }
    ]),
    [4, 4, 1]
  )
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

test('the first layer says what a sample looks like, whatever layer that is', () => {
  const plain = { data: { source: { use: 'digits' as const } }, loss: { use: 'meanSquaredError' as const } }
  const { layers } = modelOf(
    experimentOf([{ use: 'dense', units: 3, useBias: false, initializer: { use: 'heNormal' } }], plain),
    [5]
  )
  expect(layers).toEqual([
    {
      class_name: 'Dense',
      config: {
        name: 'dense_1',
        trainable: true,
        units: 3,
        activation: 'linear',
        use_bias: false,
        kernel_initializer: {
          class_name: 'VarianceScaling',
          config: { scale: 2, mode: 'fan_in', distribution: 'normal', seed: null }
        },
        bias_initializer: { class_name: 'Zeros', config: {} },
        batch_input_shape: [null, 5],
        dtype: 'float32'
      }
    }
  ])
})

test('flattening what is flat is left out, because Keras refuses it', () => {
  const { layers } = modelOf(experimentOf([{ use: 'flatten' }, { use: 'dense', units: 2 }]), [5])
  expect(namesOf(layers)).toEqual(['Rescaling prepare', 'Dense dense_1', 'Activation softmax'])
})

test('what judges outputs one by one ends in a sigmoid', () => {
  const { layers } = modelOf(
    experimentOf([{ use: 'dense', units: 1, activation: 'silu' }], { loss: { use: 'binaryCrossEntropy' } }),
    [5]
  )
  expect(layers.slice(1).map(({ config }) => [config.name, config.activation])).toEqual([
    ['dense_1', 'swish'],
    ['sigmoid', 'sigmoid']
  ])
})

test.each([
  ['residual_1', 'residual', { use: 'residual', layers: [{ use: 'dropout', rate: 0.1 }] }],
  [
    'weightNormalization_1',
    'weightNormalization',
    { use: 'weightNormalization', layer: { use: 'dense', units: 2 } }
  ],
  ['dense_1', 'exponential', { use: 'dense', units: 2, activation: 'exponential' }],
  ['activation_1', 'exponential', { use: 'activation', activation: 'exponential' }]
] as const)('%s with %s has no words in Keras', (layer, word, without) => {
  expect(() => modelOf(experimentOf([without as never]), [5])).toThrow(
    new Failure('export.noWord', { layer, word })
  )
})
