import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer } from '#contract/vocabulary'
import { rateAt } from '../schedules'
import { isExactShare, type FusedOptimizer } from '../fused'
import { LARGEST_ENTERING } from '../guard'
import { mapTensors, withoutPrefix, withPrefix, zerosFor } from '../tensors'
import type { TransformBuilder } from '../transform'
import { decayOf, type Decay } from './decay'

type Step = Extract<Optimizer, { use: 'adam' | 'adamw' }>
/** With more than that no rate would be allowed. */
const LARGEST_RATIO = 1e30

/**
 * Adam as in Keras 3, with "epsilon hat" of Kingma and Ba, 2015, §2: m ← m + (1 − beta1)·(g − m),
 * v ← v + (1 − beta2)·(g² − v), and the update is −α·m/(√v + epsilon), where
 * α = rate·√(1 − beta2^t)/(1 − beta1^t) for the update with number t, counted from 1.
 */
export const adam: TransformBuilder<Step> = (step, about) => {
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
    },
    fused: fuse(step, decay)
  }
}

/** The fused form; its update is at most α·‖m/(√v + epsilon)‖, with at most `largestRatio` for each element. */
function fuse({ beta1, beta2, epsilon }: Step, decay: Decay): FusedOptimizer | undefined {
  const ratio = largestRatio(beta1, beta2, epsilon)
  if (!isExactShare(beta1) || !isExactShare(beta2) || !(ratio < LARGEST_RATIO)) return undefined
  return {
    rule: 'adam',
    numbers: { beta1, beta2, epsilon },
    slots: ['mean', 'meanSquare'],
    rate: 'correctedRate',
    shrinks: decay.shrinks,
    bound: (entering, weights, fed) =>
      decay.addToBound(tf.mul(tf.onesLike(entering), tf.mul(fed.correctedRate, ratio)), weights, fed)
  }
}

/**
 * The most that |m|/(√v + epsilon) can be. m is a mean of what entered, at most LARGEST_ENTERING. Where beta1² < beta2,
 * Cauchy and Schwarz give |m| ≤ C·√v with C = (1 − beta1)/√((1 − beta2)·(1 − beta1²/beta2)), at every step (7.3 for
 * the usual numbers); twice that covers rounding, and what is lost where g² is too small for 32 bits, so that v is up
 * to 1e-37/(1 − beta2) too small, is covered by epsilon.
 */
function largestRatio(beta1: number, beta2: number, epsilon: number): number {
  const simple = LARGEST_ENTERING / epsilon
  if (!(beta1 ** 2 < beta2)) return simple
  const bound = (1 - beta1) / Math.sqrt((1 - beta2) * (1 - beta1 ** 2 / beta2))
  return Math.min(simple, 2 * bound * Math.max(1, 4e-19 / (epsilon * Math.sqrt(1 - beta2))))
}

/** An average that moves by a share of its distance to a new value. */
const approach = (average: tf.Tensor, value: tf.Tensor, share: number): tf.Tensor =>
  tf.add(average, tf.mul(tf.sub(value, average), share))
