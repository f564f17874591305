import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer } from '#contract/vocabulary'
import { rateAt } from '../schedules'
import { mapTensors, withoutPrefix, withPrefix, zerosFor } from '../tensors'
import type { TransformBuilder } from '../transform'
import { decayOf } from './decay'
import { fuseVelocity, momentumScalars } from './velocity'

/**
 * Momentum that looks ahead, as in Keras: v ← momentum·v − rate·g, and the update is momentum·v − rate·g with the new v.
 * (Nesterov, 1983, in the form of Sutskever et al., 2013.)
 */
export const nesterov: TransformBuilder<Extract<Optimizer, { use: 'nesterov' }>> = (step, about) => {
  const decay = decayOf(step, about)
  return {
    scalars: (clock, current) => ({
      rate: rateAt(current.rate, clock),
      ...momentumScalars(current, clock),
      ...decay.scalars(clock, current)
    }),
    init: (parameters) => withPrefix('velocity', zerosFor(parameters)),
    update(gradients, state, parameters, fed) {
      const descent = tf.neg(fed.rate)
      const old = withoutPrefix('velocity', state)
      const moves = mapTensors(gradients, (g) => tf.mul(g, descent))
      const velocity = mapTensors(moves, (move, name) => tf.add(tf.mul(old[name], fed.momentum), move))
      const updates = mapTensors(moves, (move, name) => tf.add(tf.mul(velocity[name], fed.momentum), move))
      return {
        updates: decay.addTo(updates, parameters, fed),
        state: withPrefix('velocity', velocity)
      }
    },
    fused: fuseVelocity('nesterov', step.momentum, decay)
  }
}
