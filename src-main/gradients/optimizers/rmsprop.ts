import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer } from '#contract/vocabulary'
import { rateAt } from '../schedules'
import { mapTensors, withoutPrefix, withPrefix, zerosFor } from '../tensors'
import type { TransformBuilder } from '../transform'
import { decayOf } from './decay'

/**
 * RMSprop as in Keras 3: v ← rho·v + (1 − rho)·g², and the update is −rate·g/√(v + epsilon), epsilon inside the root.
 * (Tieleman and Hinton, 2012.)
 */
export const rmsprop: TransformBuilder<Extract<Optimizer, { use: 'rmsprop' }>> = (step, about) => {
  const { rho, epsilon } = step
  const decay = decayOf(step, about)
  return {
    scalars: (clock, current) => ({ rate: rateAt(current.rate, clock), ...decay.scalars(clock, current) }),
    init: (parameters) => withPrefix('meanSquare', zerosFor(parameters)),
    update(gradients, state, parameters, fed) {
      const descent = tf.neg(fed.rate)
      const old = withoutPrefix('meanSquare', state)
      const meanSquare = mapTensors(gradients, (g, name) =>
        tf.add(tf.mul(old[name], rho), tf.mul(tf.square(g), 1 - rho))
      )
      const updates = mapTensors(gradients, (g, name) =>
        tf.div(tf.mul(g, descent), tf.sqrt(tf.add(meanSquare[name], epsilon)))
      )
      return {
        updates: decay.addTo(updates, parameters, fed),
        state: withPrefix('meanSquare', meanSquare)
      }
    }
  }
}
