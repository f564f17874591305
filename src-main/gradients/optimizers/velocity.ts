import * as tf from '@tensorflow/tfjs-core'
import { isExactShare, type FusedOptimizer } from '../fused'
import { momentumAt } from '../schedules'
import type { Clock } from '../transform'
import type { Optimizer } from '#contract/vocabulary'
import type { Decay } from './decay'

/** The momentum of a step, which a schedule may change, and what it leaves of 1. */
export function momentumScalars(
  { momentum, rate }: Extract<Optimizer, { momentum: number }>,
  clock: Clock
): { momentum: number; damping: number } {
  const present = momentumAt(momentum, rate, clock)
  return { momentum: present, damping: 1 - present }
}

/**
 * The fused form of an optimizer that keeps a velocity, v ← μ·v − rate·g. With B = rate·‖g‖/(1 − μ) within a limit at
 * every step, whatever μ is at each, ‖v‖ stays within that limit too: μ·limit + (1 − μ)·B is no more. The update of
 * either is v, or μ·v − rate·g with the new v, and so as small.
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
    numbers: {},
    slots: ['velocity'],
    rate: 'rate',
    kept: 'momentum',
    shrinks: decay.shrinks,
    bound: (entering, weights, fed) =>
      decay.addToBound(tf.mul(entering, tf.div(fed.rate, fed.damping)), weights, fed)
  }
}
