import * as tf from '@tensorflow/tfjs-core'
import { isWeight } from '#contract/model'
import type { Optimizer } from '#contract/vocabulary'
import { momentumAt, rateAt } from '../schedules'
import { mapTensors } from '../tensors'
import type { TransformBuilder } from '../transform'
import { moveMoments, momentsOf, startMoments, stateOf } from './moments'
import { trustRatio } from './trust'

/** No layer moves faster than so many times its rate. */
const LARGEST_RATIO = 10

/**
 * Layer-wise rates for Adam: with the corrected moments m̂ and v̂, u = m̂/(√v̂ + epsilon) + decay·w, and the update is
 * −rate·r·u with r = min(‖w‖/‖u‖, 10), 1 where either norm is zero (You et al., 2020, `lamb` of optax). As in the
 * authors' code, only weights are decayed and have an r: a bias begins at zero and would stay there.
 */
export const lamb: TransformBuilder<Extract<Optimizer, { use: 'lamb' }>> = (step, about) => {
  const { beta1, beta2, epsilon, decay } = step
  const weights = new Set(about.filter(isWeight).map(({ name }) => name))
  return {
    scalars(clock, current) {
      const number = clock.updates + 1
      const present = momentumAt(beta1, current.rate, clock)
      return {
        rate: rateAt(current.rate, clock),
        meanShare: 1 - present,
        meanCorrection: 1 / (1 - present ** number),
        squareCorrection: 1 / (1 - beta2 ** number)
      }
    },
    init: startMoments,
    update(gradients, state, parameters, { rate, meanShare, meanCorrection, squareCorrection }) {
      const moments = moveMoments(momentsOf(state), gradients, { mean: meanShare, meanSquare: 1 - beta2 })
      const descent = tf.neg(rate)
      const updates = mapTensors(moments.mean, (mean, name) => {
        const size = tf.sqrt(tf.mul(moments.meanSquare[name], squareCorrection))
        const direction = tf.div(tf.mul(mean, meanCorrection), tf.add(size, epsilon))
        if (!weights.has(name)) return tf.mul(direction, descent)
        const weight = parameters[name]
        const decayed = decay === 0 ? direction : tf.add(direction, tf.mul(weight, decay))
        return tf.mul(tf.mul(decayed, trustRatio(weight, decayed, { largest: LARGEST_RATIO })), descent)
      })
      return { updates, state: stateOf(moments) }
    }
  }
}
