import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensorMap, Tensor, Tensor1D } from '@tensorflow/tfjs-core'

/** The kernel that an engine may have for this. */
const KERNEL = 'NonFiniteCounts'
/** In tensors of fewer elements everything is counted: that takes less time than to look first whether it must be. */
const FEWEST_FOR_LOOK = 16_384

/** How many elements of a tensor are NaN, and how many Inf, [2]. */
export function nonFiniteCounts(x: Tensor): Tensor1D {
  const nan = countOf(tf.isNaN(x))
  const composed = tf.stack([nan, tf.sub(tf.sub(x.size, countOf(tf.isFinite(x))), nan)]) as Tensor1D
  if (x.size < FEWEST_FOR_LOOK || !tf.getKernel(KERNEL, tf.getBackend())) return composed
  return tf.engine().runKernel(KERNEL, { x, composed } as NamedTensorMap)
}

/** How many are true, as a float32 scalar. */
export const countOf = (those: Tensor): tf.Scalar => tf.sum(tf.cast(those, 'float32'))
