import * as tf from '@tensorflow/tfjs-core'
import type { GradientStep } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { mapTensors, withoutPrefix, withPrefix } from '../tensors'
import { anyOf, joinNorms, lengthOf, limitTo, normOf, type Limit } from './norm'

/**
 * Clips each tensor g to what is usual for it. In the first `warmup` updates all tensors together are clipped to the norm
 * `absolute`, and the usual norm γ is the smallest that a tensor had; later each becomes g·min(1, relative·γ/‖g‖) and
 * γ ← beta·γ + (1 − beta)·‖g‖ of what is left (AdaGC: Wang et al., 2025). A gradient of zero says nothing of what is
 * usual: it is not noted, and a tensor of which nothing is noted yet (γ = 0) is not clipped.
 */
export const adaGc: TransformBuilder<Extract<GradientStep, { use: 'adaGc' }>> = ({ beta, warmup }) => ({
  scalars: ({ updates }, { absolute, relative }) => ({
    isWarm: updates < warmup ? 0 : 1,
    absolute,
    relative
  }),
  init: (parameters) =>
    withPrefix(
      'usual',
      mapTensors(parameters, () => tf.scalar(0))
    ),
  update(updates, state, _, { isWarm, absolute, relative }) {
    const warm = tf.greater(isWarm, 0)
    const usual = withoutPrefix('usual', state)
    const norms = Object.fromEntries(Object.entries(updates).map(([name, x]) => [name, normOf(x)]))
    const together = limitTo(absolute, joinNorms(Object.values(norms)))
    const limits: Record<string, Limit> = Object.fromEntries(
      Object.entries(norms).map(([name, norm]) => [name, limitTo(limitOf(usual[name], relative), norm)])
    )
    const clipped = mapTensors(updates, (x, name) =>
      tf.where(warm, limits[name].shrink(x), together.shrink(x))
    )
    const noted = mapTensors(clipped, (x, name) => {
      const length = lengthOf(normOf(x))
      const known = usual[name]
      const moved = tf.add(tf.mul(known, beta), tf.mul(length, 1 - beta))
      const next = tf.where(warm, moved, tf.minimum(known, length))
      const first = tf.where(tf.greater(known, 0), next, length)
      return tf.where(tf.greater(length, 0), first, known)
    })
    const isLong = Object.values(limits).map((limit) => tf.logicalAnd(warm, limit.isLong))
    return {
      updates: clipped,
      state: withPrefix('usual', noted),
      clipped: anyOf([...isLong, tf.logicalAnd(tf.logicalNot(warm), together.isLong)])
    }
  }
})

/** The largest norm that a tensor may have: none where nothing is known of it. */
const limitOf = (usual: tf.Tensor, relative: tf.Scalar): tf.Tensor =>
  tf.where(tf.greater(usual, 0), tf.mul(usual, relative), tf.scalar(Infinity))
