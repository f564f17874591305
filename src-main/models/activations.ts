import * as tf from '@tensorflow/tfjs-core'
import type { Activation } from '#contract/vocabulary'

/** Slope of the leaky ReLU below zero, as in TensorFlow and in Keras' `leaky_relu`. */
const LEAKY_SLOPE = 0.2

/**
 * What each activation does to a tensor of any shape; softmax runs over the last axis, and the ELU
 * (Clevert, Unterthiner and Hochreiter, 2016) goes to −1.
 */
export const activations: Record<Activation, (x: tf.Tensor) => tf.Tensor> = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  leakyRelu: (x) => tf.leakyRelu(x, LEAKY_SLOPE),
  elu: (x) => tf.elu(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  softmax: (x) => tf.softmax(x)
}
