import type { Fields } from '../../importer'
import { expectDefault, flagOf, numberOf } from '../options'
import type { TensorSource, Translation, Translator } from '../translation'

/** Layers that bring values to mean 0 and variance 1. */
export const normalizations: [string, Translator][] = [
  ['BatchNormalization', batchNormalization],
  ['LayerNormalization', layerNormalization]
]

function batchNormalization(config: Fields, inputShape: readonly number[]): Translation {
  expectDefault(config, 'renorm', false)
  return {
    layer: {
      use: 'batchNormalization',
      momentum: numberOf(config, 'momentum', 0.99),
      epsilon: numberOf(config, 'epsilon', 1e-3)
    },
    ...gainAndOffset(config, inputShape, [
      { role: 'movingMean', keras: 'moving_mean' },
      { role: 'movingVariance', keras: 'moving_variance' }
    ])
  }
}

function layerNormalization(config: Fields, inputShape: readonly number[]): Translation {
  expectDefault(config, 'rms_scaling', false)
  return {
    layer: { use: 'layerNormalization', epsilon: numberOf(config, 'epsilon', 1e-3) },
    ...gainAndOffset(config, inputShape, [])
  }
}

/** Gain and offset on the last axis; where Keras has none, one that does nothing at first. */
function gainAndOffset(
  config: Fields,
  { length: last }: readonly number[],
  others: TensorSource[]
): { tensors: TensorSource[]; note?: 'import.note.addedTensors' } {
  expectDefault(config, 'axis', -1, last, [-1], [last])
  const [hasGain, hasOffset] = [flagOf(config, 'scale', true), flagOf(config, 'center', true)]
  return {
    tensors: [
      hasGain ? { role: 'gain', keras: 'gamma' } : { role: 'gain', fill: 1 },
      hasOffset ? { role: 'offset', keras: 'beta' } : { role: 'offset', fill: 0 },
      ...others
    ],
    ...(!(hasGain && hasOffset) && { note: 'import.note.addedTensors' })
  }
}
