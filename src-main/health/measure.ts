import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensorMap, Tensor, Tensor1D } from '@tensorflow/tfjs-core'

/** The kernel that an engine may have for this. */
const KERNEL = 'MeasuredNorms'

/** Numbers that `measureNorms` gives for one tensor. */
export const NUMBERS_PER_NORM = 2

/**
 * Two numbers for each tensor, a scale and a rest. Their product is the Euclidean norm, right from 1e-37 to 1e37, where
 * a plain sum of squares reads 0 or Inf; both are finite exactly when every element is. Shape [2 · tensors.length].
 */
export function measureNorms(tensors: readonly Tensor[]): Tensor1D {
  if (!tf.getKernel(KERNEL, tf.getBackend())) return composeNorms(tensors)
  return tf.engine().runKernel(KERNEL, { ...tensors } as unknown as NamedTensorMap)
}

/** The scale is the largest magnitude m, the rest √Σ(x/m)². */
function composeNorms(tensors: readonly Tensor[]): Tensor1D {
  return tf.tidy(() => {
    const zero = tf.scalar(0)
    const one = tf.scalar(1)
    const numbers = tensors.flatMap((tensor) => {
      const largest = tf.max(tf.abs(tensor))
      // NaN is not greater than zero: a tensor with NaN is divided by one and keeps its NaN in the sum.
      const scale = tf.where(tf.greater(largest, zero), largest, one)
      return [largest, tf.sqrt(tf.sum(tf.square(tf.div(tensor, scale))))]
    })
    return tf.stack(numbers) as Tensor1D
  })
}
