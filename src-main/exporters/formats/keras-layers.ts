import { layerNames } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { PreparationPlan } from '#contract/preparation'
import type { ModelArtifact } from '#contract/trainer'
import type { Activation, Initializer, Layer } from '#contract/vocabulary'
import { outputForm } from '../outputs'

/** One layer in the words of Keras 2, as TensorFlow.js and Keras read them. */
export interface KerasLayer {
  class_name: string
  config: { name: string; [option: string]: unknown }
}

/** A sequential model in the words of Keras. */
export interface KerasModel {
  layers: KerasLayer[]
  /** Names of the layers that the experiment does not have: the preparation in front, the form of outputs behind. */
  added: string[]
}

/** Our slope below zero; tfjs-layers would take 0.3. */
const LEAKY_SLOPE = 0.2

/** The weights of a layer by our role: their names in Keras. */
export const kerasRoles: Record<string, string> = {
  kernel: 'kernel',
  bias: 'bias',
  gain: 'gamma',
  offset: 'beta',
  movingMean: 'moving_mean',
  movingVariance: 'moving_variance'
}

/** Says whether Keras has layers for all of a preparation, so that a model can take raw samples. */
export const canPrepare = ({ features }: PreparationPlan): boolean =>
  features.every(({ use }) => use === 'affine')

/**
 * The layers of an experiment, with its preparation in front, where Keras has layers for it, and the form of its outputs
 * behind.
 * @throws Failure `export.noWord` for a layer or activation that Keras' sequential models have no word for.
 */
export function kerasModel(artifact: Pick<ModelArtifact, 'experiment' | 'preparation'>): KerasModel {
  const { experiment, preparation } = artifact
  const inputShape = canPrepare(preparation) ? preparation.sampleShape : preparation.shape
  const names = layerNames(experiment.model.layers)
  const taken = new Set(names)
  const added: string[] = []
  const layers: KerasLayer[] = []
  const free = (base: string): string => {
    let name = base
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`
    taken.add(name)
    return name
  }
  const add = (class_name: string, base: string, options: Record<string, unknown>): void => {
    const name = free(base)
    added.push(name)
    layers.push({ class_name, config: { name, ...options } })
  }

  const rescale = (base: string, scale: readonly number[], offset: readonly number[]): void =>
    add('Rescaling', base, { scale: oneOrAll(scale), offset: oneOrAll(offset) })

  if (canPrepare(preparation))
    for (const operation of preparation.features)
      if (operation.use === 'affine') {
        const { subtract, multiply } = operation
        // Two layers: subtracted first, a large mean takes no digits from a small deviation.
        if (subtract.some((each) => each !== 0))
          rescale(
            'prepare',
            [1],
            subtract.map((each) => -each)
          )
        if (multiply.some((each) => each !== 1)) rescale('prepare', multiply, [0])
      }
  let isFlat = inputShape.length === 1
  experiment.model.layers.forEach((layer, index) => {
    // Keras refuses to flatten what is flat.
    if (layer.use === 'flatten' && isFlat) return
    isFlat ||= layer.use === 'flatten'
    layers.push(...kerasLayer(layer, names[index], free))
  })
  const { activation, targets } = outputForm(artifact)
  if (activation) add('Activation', activation, { activation })
  if (targets) rescale('outputs', targets.scale, targets.add)
  // A model whose only layer flattens what is flat.
  if (layers.length === 0) add('Activation', 'identity', { activation: 'linear' })
  Object.assign(layers[0].config, { batch_input_shape: [null, ...inputShape], dtype: 'float32' })
  return { layers, added }
}

/** Keras takes one number for all channels, or a list with one for each. */
const oneOrAll = (numbers: readonly number[]): number | readonly number[] =>
  numbers.length === 1 ? numbers[0] : numbers

type FreeName = (base: string) => string

function kerasLayer(layer: Layer, name: string, free: FreeName): KerasLayer[] {
  const of = (class_name: string, options: Record<string, unknown> = {}): KerasLayer => ({
    class_name,
    config: { name, trainable: true, ...options }
  })
  const channelsLast = { data_format: 'channels_last' }
  switch (layer.use) {
    case 'dense':
      return withActivation(of('Dense', { units: layer.units, ...weighted(layer) }), layer.activation, free)
    case 'conv2d':
      return withActivation(
        of('Conv2D', {
          filters: layer.filters,
          kernel_size: pairOf(layer.kernelSize),
          strides: pairOf(layer.strides),
          padding: layer.padding,
          dilation_rate: [1, 1],
          ...channelsLast,
          ...weighted(layer)
        }),
        layer.activation,
        free
      )
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
    case 'flatten':
      return [of('Flatten', channelsLast)]
    case 'dropout':
      return [of('Dropout', { rate: layer.rate, noise_shape: null, seed: null })]
    case 'batchNormalization': {
      const { momentum, epsilon } = layer
      return [of('BatchNormalization', { axis: -1, momentum, epsilon, center: true, scale: true })]
    }
    case 'activation':
      return layer.activation === 'leakyRelu'
        ? [of('LeakyReLU', { alpha: LEAKY_SLOPE })]
        : [of('Activation', { activation: kerasActivation(layer.activation, name) })]
    case 'conv1d':
    case 'depthwiseConv2d':
    case 'separableConv2d':
    case 'maxPooling1d':
    case 'averagePooling1d':
    case 'globalAveragePooling1d':
    case 'globalAveragePooling2d':
    case 'globalMaxPooling1d':
    case 'globalMaxPooling2d':
    case 'reshape':
    case 'gaussianNoise':
    case 'layerNormalization':
    case 'embedding':
    case 'simpleRnn':
    case 'lstm':
    case 'gru':
    case 'residual':
    case 'weightNormalization':
      throw new Failure('export.noWord', { layer: name, word: layer.use })
  }
}

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
    { class_name: 'LeakyReLU', config: { name: free(`${config.name}_activation`), alpha: LEAKY_SLOPE } }
  ]
}

const weighted = (layer: { useBias: boolean; initializer: Initializer; biasInitializer: Initializer }) => ({
  use_bias: layer.useBias,
  kernel_initializer: kerasInitializer(layer.initializer),
  bias_initializer: kerasInitializer(layer.biasInitializer)
})

function kerasInitializer(initializer: Initializer): { class_name: string; config: object } {
  const scaling = (scale: number, mode: 'fan_in' | 'fan_avg', distribution: 'uniform' | 'normal') => ({
    class_name: 'VarianceScaling',
    config: { scale, mode, distribution, seed: null }
  })
  switch (initializer.use) {
    case 'glorotUniform':
      return scaling(1, 'fan_avg', 'uniform')
    case 'glorotNormal':
      return scaling(1, 'fan_avg', 'normal')
    case 'heUniform':
      return scaling(2, 'fan_in', 'uniform')
    case 'heNormal':
      return scaling(2, 'fan_in', 'normal')
    case 'lecunUniform':
      return scaling(1, 'fan_in', 'uniform')
    case 'lecunNormal':
      return scaling(1, 'fan_in', 'normal')
    case 'randomUniform':
      return {
        class_name: 'RandomUniform',
        config: { minval: initializer.min, maxval: initializer.max, seed: null }
      }
    case 'randomNormal': {
      const { mean, stddev } = initializer
      return { class_name: 'RandomNormal', config: { mean, stddev, seed: null } }
    }
    case 'orthogonal':
      return { class_name: 'Orthogonal', config: { gain: initializer.gain, seed: null } }
    case 'identity':
      return { class_name: 'Identity', config: { gain: initializer.gain } }
    case 'zeros':
      return { class_name: 'Zeros', config: {} }
    case 'ones':
      return { class_name: 'Ones', config: {} }
    case 'constant':
      return { class_name: 'Constant', config: { value: initializer.value } }
  }
}

const pairOf = (value: number | [number, number]): [number, number] =>
  typeof value === 'number' ? [value, value] : value
