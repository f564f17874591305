import * as tf from '@tensorflow/tfjs-core'
import type { Activation } from '#contract/vocabulary'
import { LEAKY_SLOPE } from './activations'

/** Slope of the SELU above zero, and how far below zero it goes (Klambauer et al., 2017). */
const SELU_SCALE = 1.0507009873554805
const SELU_DEPTH = 1.7580993408473768

/** An activation that looks at each value alone. */
export type Elementwise = Exclude<Activation, 'softmax'>

/**
 * The derivative of each activation, from what it gave, `y`, or, where that does not tell, from what it was given, `x`.
 * Of any shape.
 */
export const slopes: Record<Elementwise, (y: tf.Tensor, x: tf.Tensor) => tf.Tensor> = {
  linear: (y) => tf.onesLike(y),
  relu: (y) => tf.step(y),
  leakyRelu: (y) => tf.step(y, LEAKY_SLOPE),
  elu: (y) => tf.add(tf.minimum(y, 0), 1),
  selu: (y) => tf.where(tf.greater(y, 0), tf.fill(y.shape, SELU_SCALE), tf.add(y, SELU_DEPTH)),
  gelu: slopeOfGelu,
  silu: slopeOfSilu,
  tanh: (y) => tf.sub(1, tf.square(y)),
  sigmoid: (y) => tf.mul(y, tf.sub(1, y)),
  softplus: (_, x) => tf.sigmoid(x),
  exponential: (y) => y
}

/** Kernels that some engines have, which do it in one operation: `{ dy, y }` to what reaches the input. */
const ONE_OPERATION: Partial<Record<Activation, string>> = { tanh: 'TanhGrad', sigmoid: 'SigmoidGrad' }

/** What reaches the input of an activation, `x`, from what reaches its output, `y`. */
export function passBack(activation: Elementwise, dy: tf.Tensor, y: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const kernel = ONE_OPERATION[activation]
  if (kernel && tf.getKernel(kernel, tf.getBackend())) return tf.engine().runKernel(kernel, { dy, y })
  return tf.mul(dy, slopes[activation](y, x))
}

/** Φ(x) + x·φ(x) with distribution function Φ and density φ of the standard normal. */
function slopeOfGelu(_: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const share = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5)
  const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI))
  return tf.add(share, tf.mul(x, density))
}

/** σ(x) · (1 + x · (1 − σ(x))) */
function slopeOfSilu(_: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const sigmoid = tf.sigmoid(x)
  return tf.mul(sigmoid, tf.add(1, tf.mul(x, tf.sub(1, sigmoid))))
}
