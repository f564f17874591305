import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer } from '#contract/vocabulary'
import { rateAt } from '../schedules'
import { mapTensors } from '../tensors'
import type { TransformBuilder } from '../transform'
import { decayOf } from './decay'

/** Gradient descent: the update is −rate·g. */
export const sgd: TransformBuilder<Extract<Optimizer, { use: 'sgd' }>> = (step, about) => {
  const decay = decayOf(step, about)
  return {
    scalars: (clock, current) => ({ rate: rateAt(current.rate, clock), ...decay.scalars(clock, current) }),
    init: () => ({}),
    update(gradients, state, parameters, fed) {
      const descent = tf.neg(fed.rate)
      const updates = mapTensors(gradients, (g) => tf.mul(g, descent))
      return { updates: decay.addTo(updates, parameters, fed), state }
    },
    fused: {
      rule: 'sgd',
      numbers: {},
      slots: [],
      rate: 'rate',
      shrinks: decay.shrinks,
      bound: (entering, weights, fed) => decay.addToBound(tf.mul(entering, fed.rate), weights, fed)
    }
  }
}
