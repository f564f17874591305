import { Failure } from '#contract/failure'
import { isFields } from '../../files'
import type { Fields } from '../../importer'
import { expectDefault, numberOf, paddingOf, pairOf, singleOf, unfit } from '../options'
import {
  present,
  weightedOptions,
  weightedTensors,
  type TensorSource,
  type Translation,
  type Translator
} from '../translation'

const KERNEL: TensorSource = { role: 'kernel', keras: 'kernel' }
const DEPTHWISE: TensorSource = { role: 'depthwiseKernel', keras: 'depthwise_kernel' }
const POINTWISE: TensorSource = { role: 'pointwiseKernel', keras: 'pointwise_kernel' }

/** On more than one axis Keras works on the last one alone, which is a convolution with a window of one. */
export function dense(config: Fields, inputShape: readonly number[]): Translation {
  expectDefault(config, 'quantization_config')
  const units = numberOf(config, 'units')
  const options = weightedOptions(config)
  if (inputShape.length === 1)
    return { layer: { use: 'dense', units, ...options }, tensors: weightedTensors(config, KERNEL) }
  const use = inputShape.length === 2 ? 'conv1d' : 'conv2d'
  if (inputShape.length > 3) throw new Failure('import.why.denseInput', { axes: inputShape.length })
  return {
    layer: { use, filters: units, kernelSize: 1, ...options },
    tensors: weightedTensors(config, { ...KERNEL, storedShape: (shape) => shape.slice(-2) }),
    note: 'import.note.denseAsConvolution'
  }
}

/** Convolutions, and a dense layer that is told to do what it does anyway on a sequence. */
export const convolutions: [string, Translator][] = [
  ['Conv1D', conv1d],
  ['Convolution1D', conv1d],
  ['Conv2D', conv2d],
  ['Convolution2D', conv2d],
  ['DepthwiseConv2D', depthwiseConv2d],
  ['SeparableConv2D', separableConv2d],
  ['SeparableConvolution2D', separableConv2d],
  ['TimeDistributed', timeDistributed]
]

function timeDistributed({ layer }: Fields, inputShape: readonly number[]): Translation {
  if (!isFields(layer) || layer.class_name !== 'Dense' || !isFields(layer.config))
    throw unfit('layer', isFields(layer) ? layer.class_name : layer)
  return dense(layer.config, inputShape)
}

function conv1d(config: Fields): Translation {
  expectPlainWindow(config)
  return {
    layer: {
      use: 'conv1d',
      filters: numberOf(config, 'filters'),
      kernelSize: singleOf(config, 'kernel_size'),
      strides: singleOf(config, 'strides'),
      padding: paddingOf(config),
      ...weightedOptions(config)
    },
    tensors: weightedTensors(config, KERNEL)
  }
}

function conv2d(config: Fields): Translation {
  expectPlainWindow(config)
  return {
    layer: {
      use: 'conv2d',
      filters: numberOf(config, 'filters'),
      kernelSize: pairOf(config, 'kernel_size'),
      strides: pairOf(config, 'strides'),
      padding: paddingOf(config),
      ...weightedOptions(config)
    },
    tensors: weightedTensors(config, KERNEL)
  }
}

function depthwiseConv2d(config: Fields): Translation {
  return {
    layer: {
      use: 'depthwiseConv2d',
      ...channelwise(config),
      ...weightedOptions(config, 'depthwise_initializer')
    },
    tensors: weightedTensors(config, DEPTHWISE)
  }
}

function separableConv2d(config: Fields): Translation {
  return {
    layer: {
      use: 'separableConv2d',
      filters: numberOf(config, 'filters'),
      ...channelwise(config),
      ...weightedOptions(config, 'depthwise_initializer')
    },
    tensors: weightedTensors(config, DEPTHWISE, POINTWISE)
  }
}

/** Options of a filter for each channel, whose stride is one for both axes. */
function channelwise(config: Fields): Record<string, unknown> {
  expectPlainWindow(config)
  const strides = pairOf(config, 'strides')
  if (typeof strides !== 'number') throw unfit('strides', strides)
  return {
    kernelSize: pairOf(config, 'kernel_size'),
    strides,
    padding: paddingOf(config),
    ...present({ depthMultiplier: config.depth_multiplier ?? undefined })
  }
}

function expectPlainWindow(config: Fields): void {
  expectDefault(config, 'data_format', 'channels_last')
  expectDefault(config, 'dilation_rate', 1, [1], [1, 1])
  expectDefault(config, 'groups', 1)
}
