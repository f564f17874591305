import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer } from '#contract/vocabulary'
import { rateAt } from '../schedules'
import { mapTensors, withoutPrefix, withPrefix, zerosFor } from '../tensors'
import type { TransformBuilder } from '../transform'
import { decayOf } from './decay'
import { fuseVelocity, momentumScalars } from './velocity'

/**
 * Momentum as in Keras: v ← momentum·v − rate·g, and the update is v. The rate is inside v, so that a change of rate acts
 * on later gradients only. (Polyak, 1964.)
 */
export const momentum: TransformBuilder<Extract<Optimizer, { use: 'momentum' }>> = (step, about) => {
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
      const velocity = mapTensors(gradients, (g, name) =>
        tf.add(tf.mul(old[name], fed.momentum), tf.mul(g, descent))
      )
      return {
        updates: decay.addTo(velocity, parameters, fed),
        state: withPrefix('velocity', velocity)
      }
    },
    fused: fuseVelocity('momentum', step.momentum, decay)
  }
}
