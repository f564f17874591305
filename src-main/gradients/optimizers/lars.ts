import * as tf from '@tensorflow/tfjs-core'
import { isWeight } from '#contract/model'
import type { Optimizer } from '#contract/vocabulary'
import { momentumAt, rateAt } from '../schedules'
import { mapTensors, withoutPrefix, withPrefix, zerosFor } from '../tensors'
import type { TransformBuilder } from '../transform'
import { decayOf } from './decay'
import { trustRatio } from './trust'

/**
 * Momentum with layer-wise rates: v ← momentum·v − rate·r·g and the update is v, with r = trust·‖w‖/‖g‖ for weights, 1
 * where either norm is zero and for biases, gains and offsets (You et al., 2017, `lars` of optax).
 */
export const lars: TransformBuilder<Extract<Optimizer, { use: 'lars' }>> = (step, about) => {
  const { trust } = step
  const decay = decayOf(step, about)
  const weights = new Set(about.filter(isWeight).map(({ name }) => name))
  return {
    scalars: (clock, current) => ({
      rate: rateAt(current.rate, clock),
      momentum: momentumAt(current.momentum, current.rate, clock),
      ...decay.scalars(clock, current)
    }),
    init: (parameters) => withPrefix('velocity', zerosFor(parameters)),
    update(gradients, state, parameters, fed) {
      const descent = tf.neg(fed.rate)
      const old = withoutPrefix('velocity', state)
      const velocity = mapTensors(gradients, (g, name) => {
        const scaled = weights.has(name) ? tf.mul(g, trustRatio(parameters[name], g, { factor: trust })) : g
        return tf.add(tf.mul(old[name], fed.momentum), tf.mul(scaled, descent))
      })
      return { updates: decay.addTo(velocity, parameters, fed), state: withPrefix('velocity', velocity) }
    }
  }
}
