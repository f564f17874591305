import * as tf from '@tensorflow/tfjs-core'
import type { Activation } from '#contract/vocabulary'

/** Slope of the leaky ReLU below zero, as in TensorFlow and in Keras' `leaky_relu`. */
export const LEAKY_SLOPE = 0.2

/**
 * What each activation does to a tensor of any shape, as Keras 3 defines it; softmax runs over the last axis. The ELU
 * (Clevert, Unterthiner and Hochreiter, 2016) goes to −1; the SELU (Klambauer et al., 2017) is an ELU with the scales
 * that keep mean 0 and variance 1.
 */
export const activations: Record<Activation, (x: tf.Tensor) => tf.Tensor> = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  leakyRelu: (x) => tf.leakyRelu(x, LEAKY_SLOPE),
  elu: (x) => tf.elu(x),
  selu: (x) => tf.selu(x),
  gelu,
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  softmax: (x) => tf.softmax(x),
  softplus: (x) => tf.softplus(x),
  exponential: (x) => tf.exp(x)
}

/** x·Φ(x) with the distribution function Φ of the standard normal itself, no approximation (Hendrycks and Gimpel, 2016). */
function gelu(x: tf.Tensor): tf.Tensor {
  const share = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5)
  return tf.mul(x, share)
}
