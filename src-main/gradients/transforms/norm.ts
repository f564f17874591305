import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core'

/** The kernel that an engine may have for norms; see `health/measure`. */
const KERNEL = 'MeasuredNorms'

/** The Euclidean norm of a tensor or of several, m·√squares, kept in two scalars that cannot overflow. */
export interface ScaledNorm {
  /** m, the largest magnitude, or the norm itself where the engine measures that. */
  largest: tf.Scalar
  /** Σ(x/m)²; NaN where the norm is not finite, 0 only where all is zero. */
  squares: tf.Scalar
}

/**
 * The norm of a tensor, right from 1e-37 to 1e37, where a plain sum of squares reads 0 or Inf. NaN and Inf make
 * `squares` NaN.
 */
export function normOf(x: tf.Tensor): ScaledNorm {
  const measured = measure([x])
  if (measured) return joinPairs(measured)
  const largest = tf.max(tf.abs(x)) as tf.Scalar
  return { largest, squares: tf.sum(tf.square(tf.div(x, orOne(largest)))) }
}

/** The norm of several tensors together. */
export function normOfAll(tensors: readonly Tensor[]): ScaledNorm {
  const measured = measure(tensors)
  return measured ? joinPairs(measured) : joinNorms(tensors.map((x) => normOf(x)))
}

/** The norm of several tensors together, from their own norms. */
export function joinNorms(norms: readonly ScaledNorm[]): ScaledNorm {
  const magnitudes = tf.stack(norms.map(({ largest }) => largest))
  const largest = tf.max(magnitudes) as tf.Scalar
  const squares = tf.stack(norms.map((norm) => norm.squares))
  return {
    largest,
    squares: tf.sum(tf.mul(squares, tf.square(tf.div(magnitudes, orOne(largest)))))
  }
}

/**
 * A function that shrinks tensors so that a norm becomes `max` where it is larger, and else leaves every bit as it is:
 * x·max/(m·√squares), in an order in which neither the norm nor the factor can overflow. A norm that is not a number
 * shrinks nothing, so that NaN and Inf stay to be seen.
 */
export function shrinkTo(max: tf.Scalar, { largest, squares }: ScaledNorm): (x: tf.Tensor) => tf.Tensor {
  // The largest magnitude that the longest allowed gradient of this direction has: Inf where all is zero, NaN where
  // the norm is not a number, and nothing is greater than either.
  const allowed = tf.div(max, tf.sqrt(squares))
  const isLong = tf.greater(largest, allowed)
  const divisor = tf.where(isLong, largest, tf.scalar(1))
  const factor = tf.where(isLong, allowed, tf.scalar(1))
  return (x) => tf.mul(tf.div(x, divisor), factor)
}

/** Scale and rest of each tensor's norm, [tensors, 2], from an engine that measures all in one operation. */
function measure(tensors: readonly Tensor[]): Tensor | undefined {
  if (!tf.getKernel(KERNEL, tf.getBackend())) return undefined
  const pairs: Tensor = tf.engine().runKernel(KERNEL, { ...tensors } as unknown as NamedTensorMap)
  return tf.reshape(pairs, [-1, 2])
}

/** The norm together of what was measured. */
function joinPairs(pairs: Tensor): ScaledNorm {
  const [scales, rests] = tf.unstack(pairs, 1)
  const largest: tf.Scalar = tf.max(scales)
  const squares: tf.Scalar = tf.sum(tf.square(tf.mul(rests, tf.div(scales, orOne(largest)))))
  return { largest, squares: tf.where(tf.isFinite(squares), squares, tf.scalar(NaN)) }
}

/** The scalar itself where it is positive, else one. */
const orOne = (x: tf.Scalar): tf.Scalar => tf.where(tf.greater(x, tf.scalar(0)), x, tf.scalar(1))
