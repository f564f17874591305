import { describe, expect, test } from 'vitest'
import type { Failure } from '#contract/failure'
import { translators } from '../../../src-main/importers/keras/layers'

const translate = (className: string, config: Record<string, unknown>, shape = [4, 4, 2]) =>
  translators.get(className)?.({ ...config }, shape)
const conv2d = { filters: 2, kernel_size: [3, 3], strides: [1, 1], padding: 'valid' }

const conv1d = { filters: 2, kernel_size: [3], strides: [1], padding: 'valid' }

describe('a layer that is like ours', () => {
  test.each<[string, Record<string, unknown>, object]>([
    [
      'Conv2D',
      conv2d,
      { use: 'conv2d', filters: 2, kernelSize: 3, strides: 1, padding: 'valid', useBias: true }
    ],
    [
      'Convolution2D',
      {
        ...conv2d,
        kernel_size: [3, 1],
        use_bias: false,
        activation: { class_name: 'function', config: 'tanh' }
      },
      { use: 'conv2d', kernelSize: [3, 1], useBias: false, activation: 'tanh' }
    ],
    ['MaxPooling2D', { pool_size: [2, 2], strides: [2, 2], padding: 'same' }, { size: 2, padding: 'same' }],
    ['AveragePooling2D', { pool_size: [2, 1], strides: null }, { use: 'averagePooling2d', size: [2, 1] }],
    ['ReLU', { max_value: null, negative_slope: 0, threshold: 0 }, { activation: 'relu' }],
    ['ReLU', { negative_slope: 0.2 }, { activation: 'leakyRelu' }],
    ['LeakyReLU', { alpha: Math.fround(0.2) }, { activation: 'leakyRelu' }],
    ['LeakyReLU', { negative_slope: 0.2 }, { activation: 'leakyRelu' }],
    ['Softmax', { axis: -1 }, { activation: 'softmax' }],
    ['ELU', { alpha: 1 }, { activation: 'elu' }],
    ['BatchNormalization', { axis: [3], epsilon: 1e-3 }, { use: 'batchNormalization', momentum: 0.99 }]
  ])('%s %j', (className, config, expected) => {
    expect(translate(className, config)?.layer).toMatchObject(expected)
  })

  test.each<[string, Record<string, unknown>, number[], object]>([
    ['Conv1D', conv1d, [6, 2], { use: 'conv1d', filters: 2, kernelSize: 3, strides: 1 }],
    ['DepthwiseConv2D', { ...conv2d, depth_multiplier: 2 }, [4, 4, 2], { strides: 1, depthMultiplier: 2 }],
    ['SeparableConv2D', conv2d, [4, 4, 2], { use: 'separableConv2d', filters: 2, kernelSize: 3 }],
    ['SeparableConv2D', { ...conv2d, depth_multiplier: 2 }, [4, 4, 2], { filters: 2, depthMultiplier: 2 }],
    ['MaxPooling1D', { pool_size: [2], strides: [1] }, [6, 2], { use: 'maxPooling1d', size: 2, strides: 1 }],
    ['Reshape', { target_shape: [2, -1] }, [4, 3], { use: 'reshape', shape: [2, 6] }],
    ['Dense', { units: 3 }, [6, 2], { use: 'conv1d', filters: 3, kernelSize: 1 }],
    ['LSTM', { units: 3, recurrent_activation: 'sigmoid' }, [6, 2], { activation: 'linear' }],
    [
      'GRU',
      {
        units: 3,
        recurrent_activation: 'sigmoid',
        reset_after: true,
        activation: 'tanh',
        return_sequences: true
      },
      [6, 2],
      { use: 'gru', units: 3, activation: 'tanh', returnSequences: true }
    ],
    ['Embedding', { input_dim: 5, output_dim: 2 }, [6], { use: 'embedding', inputs: 5, units: 2 }]
  ])('%s %j on samples of %j', (className, config, shape, expected) => {
    expect(translate(className, config, shape)?.layer).toMatchObject(expected)
  })

  test('keeps its initializer where there is a word for it', () => {
    const initializerOf = (kernel_initializer: unknown) =>
      translate('Dense', { units: 3, kernel_initializer }, [4])?.layer?.initializer
    expect([
      initializerOf({ class_name: 'HeNormal', config: {} }),
      initializerOf({
        class_name: 'VarianceScaling',
        config: { scale: 2, mode: 'fan_in', distribution: 'truncated_normal' }
      }),
      initializerOf({ class_name: 'RandomNormal', config: { stddev: 0.5 } }),
      initializerOf({ class_name: 'OfMyOwn', config: {} })
    ]).toEqual([
      { use: 'heNormal' },
      { use: 'heNormal' },
      { use: 'randomNormal', mean: 0, stddev: 0.5 },
      undefined
    ])
  })
})

test('a dense layer on images is a convolution of one pixel with the same kernel', () => {
  const translated = translate('Dense', { units: 3, activation: 'relu' })
  expect(translated).toMatchObject({
    layer: { use: 'conv2d', filters: 3, kernelSize: 1, activation: 'relu' },
    note: 'import.note.denseAsConvolution'
  })
  expect(translated?.layer && translated.tensors[0].storedShape?.([1, 1, 2, 3])).toEqual([2, 3])
})

test('layers that only act while training are left out with a note', () => {
  expect(translate('SpatialDropout2D', { rate: 0.5 })).toEqual({ note: 'import.note.trainingOnly' })
})

describe('an option without counterpart is named with what was found', () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    ['Conv2D', { ...conv2d, dilation_rate: [2, 2] }, 'dilation_rate', '[2,2]'],
    ['Conv2D', { ...conv2d, data_format: 'channels_first' }, 'data_format', 'channels_first'],
    ['Conv2D', { ...conv2d, groups: 2 }, 'groups', '2'],
    ['Conv2D', { ...conv2d, padding: 'causal' }, 'padding', 'causal'],
    ['Conv2D', { ...conv2d, kernel_size: 'wide' }, 'kernel_size', 'wide'],
    ['Dense', { units: 3, activation: 'hard_sigmoid' }, 'activation', 'hard_sigmoid'],
    ['Dense', {}, 'units', 'undefined'],
    ['LeakyReLU', {}, 'negative_slope', '0.3'],
    ['ReLU', { max_value: 6 }, 'max_value', '6'],
    ['ELU', { alpha: 2 }, 'alpha', '2'],
    ['BatchNormalization', { axis: 1 }, 'axis', '1'],
    ['Conv1D', { ...conv1d, padding: 'causal' }, 'padding', 'causal'],
    ['DepthwiseConv2D', { ...conv2d, strides: [2, 1] }, 'strides', '[2,1]'],
    ['GlobalMaxPooling2D', { keepdims: true }, 'keepdims', 'true'],
    ['Reshape', {}, 'target_shape', 'undefined'],
    ['LayerNormalization', { axis: [1] }, 'axis', '[1]'],
    ['Embedding', { input_dim: 3, output_dim: 2, mask_zero: true }, 'mask_zero', 'true'],
    ['GRU', { units: 2, recurrent_activation: 'sigmoid', reset_after: false }, 'reset_after', 'false'],
    ['LSTM', { units: 2, recurrent_activation: 'hard_sigmoid' }, 'recurrent_activation', 'hard_sigmoid'],
    ['SimpleRNN', { units: 2, return_state: true }, 'return_state', 'true'],
    ['TimeDistributed', { layer: { class_name: 'LSTM', config: {} } }, 'layer', 'LSTM'],
    ['Rescaling', { scale: 1, offset: -1 }, 'offset', '-1'],
    ['Rescaling', { scale: [1, 2] }, 'scale', '[1,2]'],
    ['Rescaling', { scale: 0 }, 'scale', '0']
  ])('%s %j', (className, config, option, found) => {
    let failure: Failure | undefined
    try {
      translate(className, config)
    } catch (error) {
      failure = error as Failure
    }
    expect(failure).toMatchObject({ key: 'import.why.option', values: { option, found } })
  })
})
