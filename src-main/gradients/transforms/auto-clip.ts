import * as tf from '@tensorflow/tfjs-core'
import type { GradientStep } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { mapTensors } from '../tensors'
import { anyOf, limitTo, normOfAll, notedLength } from './norm'

/** So many norms are remembered, the newest. */
export const REMEMBERED = 1000
/** Stands where no norm has been noted yet: smaller than any. */
const NOTHING = -1

/**
 * Clips all tensors together to a percentile of their own past norms, that of the step among them, as NumPy has it,
 * between neighbours (Seetharaman et al., 2020; the paper remembers every norm of the run).
 */
export const autoClip: TransformBuilder<Extract<GradientStep, { use: 'autoClip' }>> = () => ({
  scalars({ updates }, { percentile }) {
    const known = Math.min(updates + 1, REMEMBERED)
    const rank = (percentile / 100) * (known - 1)
    const below = Math.floor(rank)
    // Norms are sorted from the largest: counted from there.
    return { place: updates % REMEMBERED, lower: known - 1 - below, rest: rank - below }
  },
  init: () => ({ norms: tf.fill([REMEMBERED], NOTHING) }),
  update(updates, state, _, { place, lower, rest }) {
    const norm = normOfAll(Object.values(updates))
    const places = tf.range(0, REMEMBERED)
    const norms = tf.where(tf.equal(places, place), notedLength(norm), state.norms)
    const { values } = tf.topk(norms, REMEMBERED)
    const at = (index: tf.Tensor): tf.Tensor =>
      tf.sum(tf.where(tf.equal(places, index), values, tf.zerosLike(values)))
    const low = at(lower)
    // Nothing stands above the largest, and nothing is asked for there.
    const high = at(tf.maximum(tf.sub(lower, 1), 0))
    const threshold = tf.add(low, tf.mul(tf.sub(high, low), rest))
    const { isLong, shrink } = limitTo(threshold, norm)
    return {
      updates: mapTensors(updates, shrink),
      state: { norms },
      threshold: threshold as tf.Scalar,
      clipped: anyOf([isLong])
    }
  }
})
