import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core'

/** The kernel that an engine may have for norms; see `health/measure`. */
const KERNEL = 'MeasuredNorms'

/**
 * Largest norm that a transform notes for later: its square fits 32 bits. The guard lets nothing larger enter an
 * optimizer, so that what is noted of an accepted step is always finite.
 */
export const LARGEST_NOTED = 1e18

/** A Euclidean norm, m·√squares, kept in two tensors that cannot overflow; scalars, or one number for each unit. */
export interface ScaledNorm {
  /** m, the largest magnitude, or the norm itself where the engine measures that. */
  largest: tf.Tensor
  /** Σ(x/m)²; NaN where the norm is not finite, 0 only where all is zero. */
  squares: tf.Tensor
}

/**
 * The norm of a tensor, or with `axes` one over these axes, which stay with length 1. It is right from 1e-37 to 1e37,
 * where a plain sum of squares reads 0 or Inf. NaN and Inf make `squares` NaN.
 */
export function normOf(x: tf.Tensor, axes?: number[]): ScaledNorm {
  const measured = axes ? undefined : measure([x])
  if (measured) return joinPairs(measured)
  const keep = axes !== undefined
  const largest = tf.max(tf.abs(x), axes, keep)
  return { largest, squares: tf.sum(tf.square(tf.div(x, orOne(largest))), axes, keep) }
}

/** The norm of several tensors together. */
export function normOfAll(tensors: readonly Tensor[]): ScaledNorm {
  const measured = measure(tensors)
  return measured ? joinPairs(measured) : joinNorms(tensors.map((x) => normOf(x)))
}

/** The norm of several tensors together, from their own norms. */
export function joinNorms(norms: readonly ScaledNorm[]): ScaledNorm {
  const magnitudes = tf.stack(norms.map(({ largest }) => largest))
  const largest = tf.max(magnitudes)
  const squares = tf.stack(norms.map((norm) => norm.squares))
  return {
    largest,
    squares: tf.sum(tf.mul(squares, tf.square(tf.div(magnitudes, orOne(largest)))))
  }
}

/** The norm as one number; Inf where it does not fit 32 bits, NaN where a NaN or an Inf is in it. */
export const lengthOf = ({ largest, squares }: ScaledNorm): tf.Tensor => tf.mul(largest, tf.sqrt(squares))

/** The norm as one number that may be noted: `LARGEST_NOTED` where it is larger. */
export const notedLength = (norm: ScaledNorm): tf.Tensor => tf.minimum(lengthOf(norm), LARGEST_NOTED)

/** How a norm is brought below a threshold. */
export interface Limit {
  /** Bool in the shape of the norm: where it is larger than the threshold. */
  isLong: tf.Tensor
  /** Shrinks tensors by what the norm has to shrink. */
  shrink(x: tf.Tensor): tf.Tensor
}

/**
 * Shrinks tensors so that a norm becomes `max` where it is larger, and else leaves every bit as it is:
 * x·max/(m·√squares), in an order in which neither the norm nor the factor can overflow. A norm that is not a number
 * shrinks nothing, so that NaN and Inf stay to be seen.
 */
export function limitTo(max: tf.Tensor, { largest, squares }: ScaledNorm): Limit {
  // The largest magnitude that the longest allowed gradient of this direction has: Inf where all is zero, NaN where
  // the norm is not a number, and nothing is greater than either.
  const allowed = tf.div(max, tf.sqrt(squares))
  const isLong = tf.greater(largest, allowed)
  const divisor = tf.where(isLong, largest, tf.onesLike(largest))
  const factor = tf.where(isLong, allowed, tf.onesLike(largest))
  return { isLong, shrink: (x) => tf.mul(tf.div(x, divisor), factor) }
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
  const largest = tf.max(scales)
  const squares = tf.sum(tf.square(tf.mul(rests, tf.div(scales, orOne(largest)))))
  return { largest, squares: tf.where(tf.isFinite(squares), squares, tf.scalar(NaN)) }
}

/** 1 where any of several bools, of whatever shapes, is true; else 0. */
export const anyOf = (bools: readonly tf.Tensor[]): tf.Scalar =>
  tf.max(tf.stack(bools.map((each) => tf.max(tf.cast(each, 'float32')))))

/** The tensor itself where it is positive, else one. */
const orOne = (x: tf.Tensor): tf.Tensor => tf.where(tf.greater(x, 0), x, tf.onesLike(x))
