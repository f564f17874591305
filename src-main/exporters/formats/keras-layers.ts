import { Failure } from '#contract/failure'
import type { Activation, Initializer, Layer, LayerOf } from '#contract/vocabulary'
import { kerasInitializer } from './keras-initializers'

/** One layer in the words of Keras 2, as TensorFlow.js and Keras read them. */
export interface KerasLayer {
  class_name: string
  config: { name: string; [option: string]: unknown }
}

/** A layer that holds no others. */
export type FlatLayer = Exclude<Layer, { use: 'residual' | 'weightNormalization' }>

/** Our slope below zero; tfjs-layers would take 0.3. */
const LEAKY_SLOPE = 0.2

/** A name that no layer has yet. */
export type FreeName = (base: string) => string

/**
 * A layer in the words of Keras: one layer, and its activation behind it where that has no word of its own.
 * @throws Failure `export.noWord` for what TensorFlow.js and Keras have no layer for
 */
export function kerasLayer(layer: FlatLayer, name: string, free: FreeName): KerasLayer[] {
  const of = (class_name: string, options: Record<string, unknown> = {}): KerasLayer => ({
    class_name,
    config: { name, trainable: true, ...options }
  })
  const channelsLast = { data_format: 'channels_last' }
  switch (layer.use) {
    case 'dense':
      return withActivation(of('Dense', { units: layer.units, ...weighted(layer) }), layer.activation, free)
    case 'conv1d':
      return withActivation(
        of('Conv1D', {
          filters: layer.filters,
          kernel_size: [layer.kernelSize],
          strides: [layer.strides],
          padding: layer.padding,
          dilation_rate: [1],
          ...channelsLast,
          ...weighted(layer)
        }),
        layer.activation,
        free
      )
    case 'conv2d':
    case 'depthwiseConv2d':
    case 'separableConv2d':
      return withActivation(of(...convolution2d(layer)), layer.activation, free)
    case 'maxPooling2d':
    case 'averagePooling2d':
      return [
        of(layer.use === 'maxPooling2d' ? 'MaxPooling2D' : 'AveragePooling2D', {
          pool_size: pairOf(layer.size),
          strides: pairOf(layer.strides ?? layer.size),
          padding: layer.padding,
          ...channelsLast
        })
      ]
    case 'maxPooling1d':
    case 'averagePooling1d':
      return [
        of(layer.use === 'maxPooling1d' ? 'MaxPooling1D' : 'AveragePooling1D', {
          pool_size: [layer.size],
          strides: [layer.strides ?? layer.size],
          padding: layer.padding,
          ...channelsLast
        })
      ]
    case 'globalAveragePooling1d':
      return [of('GlobalAveragePooling1D', channelsLast)]
    case 'globalAveragePooling2d':
      return [of('GlobalAveragePooling2D', channelsLast)]
    case 'globalMaxPooling1d':
      return [of('GlobalMaxPooling1D', channelsLast)]
    case 'globalMaxPooling2d':
      return [of('GlobalMaxPooling2D', channelsLast)]
    case 'flatten':
      return [of('Flatten', channelsLast)]
    case 'reshape':
      return [of('Reshape', { target_shape: layer.shape })]
    case 'dropout':
      return [of('Dropout', { rate: layer.rate, noise_shape: null, seed: null })]
    case 'gaussianNoise':
      return [of('GaussianNoise', { stddev: layer.stddev })]
    case 'layerNormalization':
      return [of('LayerNormalization', { axis: -1, epsilon: layer.epsilon, center: true, scale: true })]
    case 'embedding':
      return [
        of('Embedding', {
          input_dim: layer.inputs,
          output_dim: layer.units,
          mask_zero: false,
          embeddings_initializer: kerasInitializer(layer.initializer)
        })
      ]
    case 'simpleRnn':
      return [of('SimpleRNN', recurrent(layer, name))]
    case 'lstm':
      return [
        of('LSTM', { ...recurrent(layer, name), recurrent_activation: 'sigmoid', unit_forget_bias: true })
      ]
    case 'gru':
      // TensorFlow.js resets before the product, which is another layer.
      throw new Failure('export.noWord', { layer: name, word: layer.use })
    case 'batchNormalization': {
      const { momentum, epsilon } = layer
      return [of('BatchNormalization', { axis: -1, momentum, epsilon, center: true, scale: true })]
    }
    case 'activation':
      return [activationLayer(layer.activation, name)]
  }
}

/** An activation as a layer of its own. @throws Failure `export.noWord` */
export const activationLayer = (activation: Activation, name: string): KerasLayer =>
  activation === 'leakyRelu'
    ? { class_name: 'LeakyReLU', config: { name, alpha: LEAKY_SLOPE } }
    : { class_name: 'Activation', config: { name, activation: kerasActivation(activation, name) } }

function kerasActivation(activation: Activation, layer: string): string {
  if (activation === 'exponential') throw new Failure('export.noWord', { layer, word: activation })
  return activation === 'silu' ? 'swish' : activation
}

/** The activation as an option of its layer, or behind it where Keras has a layer and no word for it. */
function withActivation(
  { class_name, config }: KerasLayer,
  activation: Activation = 'linear',
  free: FreeName
): KerasLayer[] {
  if (activation !== 'leakyRelu')
    return [{ class_name, config: { ...config, activation: kerasActivation(activation, config.name) } }]
  return [
    { class_name, config: { ...config, activation: 'linear' } },
    activationLayer(activation, free(`${config.name}_activation`))
  ]
}

type Convolution2d = LayerOf<'conv2d' | 'depthwiseConv2d' | 'separableConv2d'>

function convolution2d(layer: Convolution2d): [className: string, options: Record<string, unknown>] {
  const window = {
    kernel_size: pairOf(layer.kernelSize),
    strides: pairOf(layer.strides),
    padding: layer.padding,
    dilation_rate: [1, 1],
    data_format: 'channels_last'
  }
  if (layer.use === 'conv2d') return ['Conv2D', { filters: layer.filters, ...window, ...weighted(layer) }]
  const { kernel_initializer: initializer, ...others } = weighted(layer)
  const channelwise = {
    depth_multiplier: layer.depthMultiplier,
    ...window,
    ...others,
    depthwise_initializer: initializer,
    pointwise_initializer: initializer
  }
  return layer.use === 'depthwiseConv2d'
    ? ['DepthwiseConv2D', channelwise]
    : ['SeparableConv2D', { filters: layer.filters, ...channelwise }]
}

/** The activation is a part of each step, so it must have a word. */
function recurrent(layer: LayerOf<'simpleRnn' | 'lstm'>, name: string): Record<string, unknown> {
  const { activation } = layer
  if (activation === 'leakyRelu') throw new Failure('export.noWord', { layer: name, word: activation })
  return {
    units: layer.units,
    return_sequences: layer.returnSequences,
    activation: kerasActivation(activation, name),
    recurrent_initializer: kerasInitializer(layer.recurrentInitializer),
    ...weighted(layer)
  }
}

const weighted = (layer: { useBias: boolean; initializer: Initializer; biasInitializer: Initializer }) => ({
  use_bias: layer.useBias,
  kernel_initializer: kerasInitializer(layer.initializer),
  bias_initializer: kerasInitializer(layer.biasInitializer)
})

const pairOf = (value: number | [number, number]): [number, number] =>
  typeof value === 'number' ? [value, value] : value
