import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer } from '#contract/vocabulary'
import { momentumAt, rateAt } from '../schedules'
import { mapTensors } from '../tensors'
import type { TransformBuilder } from '../transform'
import { decayOf } from './decay'
import { moveMoments, momentsOf, startMoments, stateOf } from './moments'

/** The rate right behind a reset is this share smaller. */
const LOWERED = 0.99

/**
 * Adam that knows spikes (SPAM: Huang et al., 2025): an element whose square is larger than theta·v becomes
 * sign(g)·√(theta·v) before it enters the moments, except in the first `spared` updates and in those behind a reset; every
 * `reset` updates both moments begin anew, and the rate rises from a hundredth along half a cosine in `warmup` updates.
 * As in the authors' code, the correction of the moments' start is not begun anew. An element of which nothing was ever
 * seen (v = 0) is not a spike: it would stay at zero; nor is what is not finite, which stays to be seen.
 */
export const spam: TransformBuilder<Extract<Optimizer, { use: 'spam' }>> = (step, about) => {
  const { beta1, beta2, epsilon, theta, reset, warmup, spared } = step
  const decay = decayOf(step, about)
  return {
    scalars(clock, current) {
      const number = clock.updates + 1
      const since = number % reset
      const isRising = number >= reset && since < warmup
      const lowered = isRising ? (LOWERED * (1 + Math.cos((Math.PI * (since + 1)) / (warmup + 1)))) / 2 : 0
      const present = momentumAt(beta1, current.rate, clock)
      const correction = Math.sqrt(1 - beta2 ** number) / (1 - present ** number)
      return {
        correctedRate: rateAt(current.rate, clock) * correction * (1 - lowered),
        meanShare: 1 - present,
        kept: since === 0 ? 0 : 1,
        // Nothing is above an infinite threshold.
        theta: since >= spared ? theta : Infinity,
        ...decay.scalars(clock, current)
      }
    },
    init: startMoments,
    update(gradients, state, parameters, fed) {
      const keep = (tensors: Record<string, tf.Tensor>): Record<string, tf.Tensor> =>
        mapTensors(tensors, (tensor) => tf.mul(tensor, fed.kept))
      const before = momentsOf(state)
      const old = { mean: keep(before.mean), meanSquare: keep(before.meanSquare) }
      const tamed = mapTensors(gradients, (g, name) => tame(g, old.meanSquare[name], fed.theta))
      const moments = moveMoments(old, tamed, { mean: fed.meanShare, meanSquare: 1 - beta2 })
      const descent = tf.neg(fed.correctedRate)
      const updates = mapTensors(moments.mean, (mean, name) =>
        tf.div(tf.mul(mean, descent), tf.add(tf.sqrt(moments.meanSquare[name]), epsilon))
      )
      return { updates: decay.addTo(updates, parameters, fed), state: stateOf(moments) }
    }
  }
}

/** A gradient whose spikes are as long as they may be. */
function tame(g: tf.Tensor, meanSquare: tf.Tensor, theta: tf.Scalar): tf.Tensor {
  const limit = tf.mul(meanSquare, theta)
  const isKnown = tf.logicalAnd(tf.greater(meanSquare, 0), tf.isFinite(g))
  const isSpike = tf.logicalAnd(isKnown, tf.greater(tf.square(g), limit))
  return tf.where(isSpike, tf.mul(tf.sign(g), tf.sqrt(limit)), g)
}
