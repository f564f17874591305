import * as tf from '@tensorflow/tfjs-core'
import type { GradientStep } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { mapTensors } from '../tensors'
import { anyOf } from './norm'

/**
 * Every element is brought between −max and max (Mikolov, 2012), which bends the direction. Inf becomes max; NaN stays,
 * whatever the backend's minimum makes of it.
 */
export const clipByValue: TransformBuilder<Extract<GradientStep, { use: 'clipByValue' }>> = () => ({
  scalars: (_, { max }) => ({ max }),
  init: () => ({}),
  update(updates, state, _, { max }) {
    const min = tf.neg(max)
    const clip = (x: tf.Tensor): tf.Tensor =>
      tf.where(tf.notEqual(x, x), x, tf.maximum(tf.minimum(x, max), min))
    const isLarge = Object.values(updates).map((x) => tf.greater(tf.abs(x), max))
    return { updates: mapTensors(updates, clip), state, threshold: max, clipped: anyOf(isLarge) }
  }
})
