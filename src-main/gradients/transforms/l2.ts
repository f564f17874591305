import * as tf from '@tensorflow/tfjs-core'
import { isWeight } from '#contract/model'
import type { GradientStep } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { mapTensors } from '../tensors'

/**
 * Adds lambda·w to the gradient of every weight w, as if lambda/2·‖w‖² were part of the loss; biases, gains and offsets
 * stay. What follows in the chain acts on the sum: under Adam it is not the decay of an optimizer.
 */
export const l2: TransformBuilder<Extract<GradientStep, { use: 'l2' }>> = (_, about) => {
  const weights = new Set(about.filter(isWeight).map(({ name }) => name))
  return {
    scalars: (_, { lambda }) => ({ lambda }),
    init: () => ({}),
    update: (updates, state, parameters, { lambda }) => ({
      updates: mapTensors(updates, (x, name) =>
        weights.has(name) ? tf.add(x, tf.mul(parameters[name], lambda)) : x
      ),
      state
    })
  }
}
