import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer } from '#contract/vocabulary'
import { rateAt } from '../schedules'
import { mapTensors, withoutPrefix, withPrefix, zerosFor } from '../tensors'
import type { TransformBuilder } from '../transform'
import { decayOf } from './decay'

/**
 * Adam as in Keras 3, with "epsilon hat" of Kingma and Ba, 2015, §2: m ← m + (1 − beta1)·(g − m),
 * v ← v + (1 − beta2)·(g² − v), and the update is −α·m/(√v + epsilon), where
 * α = rate·√(1 − beta2^t)/(1 − beta1^t) for the update with number t, counted from 1.
 */
export const adam: TransformBuilder<Extract<Optimizer, { use: 'adam' | 'adamw' }>> = (step, about) => {
  const { beta1, beta2, epsilon } = step
  const decay = decayOf(step, about)
  return {
    scalars(clock, current) {
      const number = clock.updates + 1
      const correction = Math.sqrt(1 - beta2 ** number) / (1 - beta1 ** number)
      return {
        correctedRate: rateAt(current.rate, clock) * correction,
        ...decay.scalars(clock, current)
      }
    },
    init: (parameters) => ({
      ...withPrefix('mean', zerosFor(parameters)),
      ...withPrefix('meanSquare', zerosFor(parameters))
    }),
    update(gradients, state, parameters, fed) {
      const descent = tf.neg(fed.correctedRate)
      const old = { mean: withoutPrefix('mean', state), meanSquare: withoutPrefix('meanSquare', state) }
      const mean = mapTensors(gradients, (g, name) => approach(old.mean[name], g, 1 - beta1))
      const meanSquare = mapTensors(gradients, (g, name) =>
        approach(old.meanSquare[name], tf.square(g), 1 - beta2)
      )
      const updates = mapTensors(mean, (m, name) =>
        tf.div(tf.mul(m, descent), tf.add(tf.sqrt(meanSquare[name]), epsilon))
      )
      return {
        updates: decay.addTo(updates, parameters, fed),
        state: { ...withPrefix('mean', mean), ...withPrefix('meanSquare', meanSquare) }
      }
    }
  }
}

/** An average that moves by a share of its distance to a new value. */
const approach = (average: tf.Tensor, value: tf.Tensor, share: number): tf.Tensor =>
  tf.add(average, tf.mul(tf.sub(value, average), share))
