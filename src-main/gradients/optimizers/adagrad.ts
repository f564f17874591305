import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer } from '#contract/vocabulary'
import { rateAt } from '../schedules'
import { mapTensors, withoutPrefix, withPrefix } from '../tensors'
import type { TransformBuilder } from '../transform'
import { decayOf } from './decay'

/**
 * Adagrad as in Keras 3: s ← s + g², beginning at `initialAccumulator`, and the update is −rate·g/√(s + epsilon).
 * (Duchi et al., 2011.)
 */
export const adagrad: TransformBuilder<Extract<Optimizer, { use: 'adagrad' }>> = (step, about) => {
  const { initialAccumulator, epsilon } = step
  const decay = decayOf(step, about)
  return {
    scalars: (clock, current) => ({ rate: rateAt(current.rate, clock), ...decay.scalars(clock, current) }),
    init: (parameters) =>
      withPrefix(
        'squares',
        mapTensors(parameters, ({ shape }) => tf.fill(shape, initialAccumulator))
      ),
    update(gradients, state, parameters, fed) {
      const descent = tf.neg(fed.rate)
      const old = withoutPrefix('squares', state)
      const squares = mapTensors(gradients, (g, name) => tf.add(old[name], tf.square(g)))
      const updates = mapTensors(gradients, (g, name) =>
        tf.div(tf.mul(g, descent), tf.sqrt(tf.add(squares[name], epsilon)))
      )
      return { updates: decay.addTo(updates, parameters, fed), state: withPrefix('squares', squares) }
    }
  }
}
