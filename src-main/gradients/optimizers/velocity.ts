import * as tf from '@tensorflow/tfjs-core'
import { isExactShare, type FusedOptimizer } from '../fused'
import type { Decay } from './decay'

/**
 * The fused form of an optimizer that keeps a velocity, v ← μ·v − rate·g. With B = rate·‖g‖/(1 − μ) within a limit at
 * every step, ‖v‖ stays within that limit too: μ·limit + (1 − μ)·B is no more. The update of either is v, or μ·v − rate·g
 * with the new v, and so as small.
 */
export function fuseVelocity(
  rule: 'momentum' | 'nesterov',
  momentum: number,
  decay: Decay
): FusedOptimizer | undefined {
  // So near to one that rounding alone could let a velocity grow.
  if (!isExactShare(momentum)) return undefined
  return {
    rule,
    numbers: { momentum },
    slots: ['velocity'],
    rate: 'rate',
    shrinks: decay.shrinks,
    bound: (entering, weights, fed) =>
      decay.addToBound(tf.mul(entering, tf.div(fed.rate, 1 - momentum)), weights, fed)
  }
}
