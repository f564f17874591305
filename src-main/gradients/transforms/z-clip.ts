import * as tf from '@tensorflow/tfjs-core'
import type { GradientStep } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { mapTensors } from '../tensors'
import { anyOf, limitTo, normOfAll, notedLength } from './norm'

/** Keeps the score from dividing by zero. */
const EPSILON = 1e-6

/**
 * Clips all tensors together where their norm n is a spike: with the running mean μ and deviation σ of earlier norms and
 * z = (n − μ)/(σ + 1e-6), where z > `deviations` it becomes μ + deviations²·σ/z, and that is what enters μ and σ² then,
 * with a share of 1 − alpha. The first `warmup` norms are only noted, for their plain mean and variance. `max`, where
 * there is one, limits every norm (ZClip: Kumar et al., 2025).
 */
export const zClip: TransformBuilder<Extract<GradientStep, { use: 'zClip' }>> = ({ alpha, warmup }) => ({
  scalars: ({ updates }, { deviations, max }) => ({
    isWarm: updates < warmup ? 0 : 1,
    count: updates + 1,
    deviations,
    max: max ?? Infinity
  }),
  init: () => ({ mean: tf.scalar(0), variance: tf.scalar(0) }),
  update(updates, { mean, variance }, _, { isWarm, count, deviations, max }) {
    const warm = tf.greater(isWarm, 0)
    const norm = normOfAll(Object.values(updates))
    const length = notedLength(norm)
    const deviation = tf.sqrt(variance)
    const usual = tf.add(mean, tf.mul(deviations, deviation))
    const score = tf.div(tf.sub(length, mean), tf.add(deviation, EPSILON))
    // Norms that have all been zero say nothing of what is usual: a clip to zero would hold the run for ever.
    const isKnown = tf.logicalAnd(warm, tf.greater(mean, 0))
    const isSpike = tf.logicalAnd(isKnown, tf.greater(score, deviations))
    const lowered = tf.add(mean, tf.div(tf.mul(tf.square(deviations), deviation), score))
    const ofSpike = tf.where(isSpike, lowered, usual)
    const threshold = tf.minimum(tf.where(isKnown, ofSpike, tf.scalar(Infinity)), max)

    const distance = tf.sub(length, mean)
    const plainMean = tf.add(mean, tf.div(distance, count))
    const plainVariance = tf.add(
      variance,
      tf.div(tf.sub(tf.mul(distance, tf.sub(length, plainMean)), variance), count)
    )
    const noted = tf.where(isSpike, lowered, length)
    const nextMean = tf.add(tf.mul(mean, alpha), tf.mul(noted, 1 - alpha))
    const nextVariance = tf.add(
      tf.mul(variance, alpha),
      tf.mul(tf.square(tf.sub(noted, nextMean)), 1 - alpha)
    )
    // A norm between the usual ones and a spike is rounding: only a spike, or what is above `max`, is shortened.
    const limit = tf.minimum(tf.where(isSpike, lowered, tf.scalar(Infinity)), max)
    const { isLong, shrink } = limitTo(limit, norm)
    return {
      updates: mapTensors(updates, shrink),
      state: {
        mean: tf.where(warm, nextMean, plainMean),
        variance: tf.where(warm, nextVariance, plainVariance)
      },
      threshold: threshold as tf.Scalar,
      clipped: anyOf([isLong])
    }
  }
})
