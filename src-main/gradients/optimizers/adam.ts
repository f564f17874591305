import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer } from '#contract/vocabulary'
import { momentumAt, rateAt } from '../schedules'
import { isExactShare, type FusedOptimizer } from '../fused'
import { LARGEST_ENTERING } from '../guard'
import { mapTensors, withoutPrefix, withPrefix, zerosFor } from '../tensors'
import type { TransformBuilder } from '../transform'
import { decayOf, type Decay } from './decay'

type Step = Extract<Optimizer, { use: 'adam' | 'adamw' }>
/** With a smaller one the bound of the fused form would refuse rates that people use. */
const SMALLEST_FUSED_EPSILON = 1e-12

/**
 * Adam as in Keras 3, with "epsilon hat" of Kingma and Ba, 2015, §2: m ← m + (1 − beta1)·(g − m),
 * v ← v + (1 − beta2)·(g² − v), and the update is −α·m/(√v + epsilon), where
 * α = rate·√(1 − beta2^t)/(1 − beta1^t) for the update with number t, counted from 1. Where a schedule changes beta1, it
 * is that of the step throughout, as in PyTorch and fastai.
 */
export const adam: TransformBuilder<Step> = (step, about) => {
  const { beta1, beta2, epsilon } = step
  const decay = decayOf(step, about)
  return {
    scalars(clock, current) {
      const number = clock.updates + 1
      const present = momentumAt(beta1, current.rate, clock)
      const correction = Math.sqrt(1 - beta2 ** number) / (1 - present ** number)
      return {
        correctedRate: rateAt(current.rate, clock) * correction,
        beta1: present,
        meanShare: 1 - present,
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
      const mean = mapTensors(gradients, (g, name) => approach(old.mean[name], g, fed.meanShare))
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

/** An average that moves by a share of its distance to a new value. */
const approach = (average: tf.Tensor, value: tf.Tensor, share: number | tf.Scalar): tf.Tensor =>
  tf.add(average, tf.mul(tf.sub(value, average), share))

/**
 * The fused form. m is a mean of what entered, so within LARGEST_ENTERING, and both α·m and what it is divided by, at
 * least epsilon, keep the update within α·LARGEST_ENTERING/epsilon: for the usual epsilon any rate up to 1e12 is safe.
 */
function fuse({ beta1, beta2, epsilon }: Step, decay: Decay): FusedOptimizer | undefined {
  if (!isExactShare(beta1) || !isExactShare(beta2) || epsilon < SMALLEST_FUSED_EPSILON) return undefined
  const largest = LARGEST_ENTERING / Math.min(epsilon, 1)
  return {
    rule: 'adam',
    numbers: { beta2, epsilon },
    slots: ['mean', 'meanSquare'],
    rate: 'correctedRate',
    kept: 'beta1',
    shrinks: decay.shrinks,
    bound: (entering, weights, fed) =>
      decay.addToBound(tf.mul(tf.onesLike(entering), tf.mul(fed.correctedRate, largest)), weights, fed)
  }
}
