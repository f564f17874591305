import type { Activation, Initializer } from '#contract/vocabulary'
import { isFields } from '../files'
import type { Fields } from '../importer'
import { classOf, expectDefault, numberOf, unfit } from './options'

/** Our words for Keras' activations. */
const ACTIVATIONS = new Map<string, Activation>([
  ['linear', 'linear'],
  ['relu', 'relu'],
  ['leaky_relu', 'leakyRelu'],
  ['elu', 'elu'],
  ['selu', 'selu'],
  ['gelu', 'gelu'],
  ['silu', 'silu'],
  ['swish', 'silu'],
  ['tanh', 'tanh'],
  ['sigmoid', 'sigmoid'],
  ['softmax', 'softmax'],
  ['softplus', 'softplus'],
  ['exponential', 'exponential']
])

/** Slope below zero of our leaky ReLU. */
const LEAKY_SLOPE = 0.2
/** Slope that a `LeakyReLU` has in Keras when nobody sets one. */
const KERAS_SLOPE = 0.3
/** What 32-bit numbers in a file may differ from ours. */
const NEAR = 1e-6

/** The activation in an option; undefined for none. @throws Failure `import.why.activation` */
export function activationOf(config: Fields, option = 'activation'): Activation | undefined {
  const value = config[option]
  if (value === undefined || value === null) return undefined
  const named = classOf(value)
  const layer = named && activationLayers.get(named.className)
  if (layer && isFields(value)) return layer(named.config)
  const word = named && ACTIVATIONS.get(named.className)
  if (!word) throw unfit(option, value)
  return word === 'linear' ? undefined : word
}

/** Layers of Keras that are an activation. @throws Failure `import.why.option` for one that ours is not */
export const activationLayers = new Map<string, (config: Fields) => Activation>([
  ['Activation', (config) => activationOf(config) ?? 'linear'],
  ['ReLU', rectifierOf],
  ['LeakyReLU', leakyOf],
  ['ELU', eluOf],
  ['Softmax', softmaxOf]
])

function rectifierOf(config: Fields): Activation {
  expectDefault(config, 'max_value')
  expectDefault(config, 'threshold', 0)
  const slope = numberOf(config, 'negative_slope', 0)
  if (slope === 0) return 'relu'
  return leaky('negative_slope', slope)
}

function leakyOf(config: Fields): Activation {
  const option = 'alpha' in config ? 'alpha' : 'negative_slope'
  return leaky(option, numberOf(config, option, KERAS_SLOPE))
}

function leaky(option: string, slope: number): Activation {
  if (Math.abs(slope - LEAKY_SLOPE) > NEAR) throw unfit(option, slope)
  return 'leakyRelu'
}

function eluOf(config: Fields): Activation {
  expectDefault(config, 'alpha', 1)
  return 'elu'
}

function softmaxOf(config: Fields): Activation {
  expectDefault(config, 'axis', -1)
  return 'softmax'
}

/** The initializer in an option; undefined where ours has no word for it, which changes no weight of a stored model. */
export function initializerOf(config: Fields, option: string): Initializer | undefined {
  const named = classOf(config[option])
  if (!named) return undefined
  const { className, config: own } = named
  const number = (key: string, otherwise: number): number =>
    typeof own[key] === 'number' ? own[key] : otherwise
  switch (className) {
    case 'GlorotUniform':
    case 'glorot_uniform':
      return { use: 'glorotUniform' }
    case 'GlorotNormal':
    case 'glorot_normal':
      return { use: 'glorotNormal' }
    case 'HeUniform':
    case 'he_uniform':
      return { use: 'heUniform' }
    case 'HeNormal':
    case 'he_normal':
      return { use: 'heNormal' }
    case 'LecunUniform':
    case 'lecun_uniform':
      return { use: 'lecunUniform' }
    case 'LecunNormal':
    case 'lecun_normal':
      return { use: 'lecunNormal' }
    case 'VarianceScaling':
      return scalingOf(own)
    case 'RandomUniform':
      return { use: 'randomUniform', min: number('minval', -0.05), max: number('maxval', 0.05) }
    case 'RandomNormal':
      return { use: 'randomNormal', mean: number('mean', 0), stddev: number('stddev', 0.05) }
    case 'Orthogonal':
    case 'OrthogonalInitializer':
    case 'orthogonal':
      return { use: 'orthogonal', gain: number('gain', 1) }
    case 'Identity':
    case 'identity':
      return { use: 'identity', gain: number('gain', 1) }
    case 'Zeros':
    case 'zeros':
      return { use: 'zeros' }
    case 'Ones':
    case 'ones':
      return { use: 'ones' }
    case 'Constant':
      return { use: 'constant', value: number('value', 0) }
  }
  return undefined
}

/** What Keras 2 writes for Glorot, He and LeCun. */
const SCALINGS = new Map<string, Initializer>([
  ['1 fan_avg uniform', { use: 'glorotUniform' }],
  ['1 fan_avg normal', { use: 'glorotNormal' }],
  ['2 fan_in uniform', { use: 'heUniform' }],
  ['2 fan_in normal', { use: 'heNormal' }],
  ['1 fan_in uniform', { use: 'lecunUniform' }],
  ['1 fan_in normal', { use: 'lecunNormal' }]
])

function scalingOf({ scale, mode, distribution }: Fields): Initializer | undefined {
  const drawn = String(distribution).replace('truncated_', '')
  return SCALINGS.get(`${String(scale)} ${String(mode)} ${drawn}`)
}
