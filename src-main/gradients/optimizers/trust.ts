import * as tf from '@tensorflow/tfjs-core'
import { normOf, type ScaledNorm } from '../transforms/norm'

/**
 * factor·‖weight‖/‖update‖, by which layer-wise rates grow or shrink, at most `largest`; 1 where either norm is zero.
 * What is not finite stays to be seen in the update.
 */
export function trustRatio(
  weight: tf.Tensor,
  update: tf.Tensor,
  { factor = 1, largest = Infinity }: { factor?: number; largest?: number }
): tf.Tensor {
  const [above, below] = [normOf(weight), normOf(update)]
  const magnitudes = tf.div(above.largest, below.largest)
  const ratio = tf.mul(tf.mul(magnitudes, tf.sqrt(tf.div(above.squares, below.squares))), factor)
  const isZero = tf.logicalOr(isNothing(above), isNothing(below))
  return tf.where(isZero, tf.onesLike(ratio), tf.minimum(ratio, largest))
}

const isNothing = ({ squares }: ScaledNorm): tf.Tensor => tf.equal(squares, 0)
