import * as tf from '@tensorflow/tfjs-core'

/**
 * Uniform numbers in [0, 1) that depend on nothing but `seed` (int32[2]) and `salt`. The engine registers the kernel
 * for each backend: numbers drawn by JavaScript would be baked into a compiled step.
 */
export function statelessUniform(shape: number[], seed: tf.Tensor1D, salt: number): tf.Tensor {
  return tf.engine().runKernel('StatelessRandomUniform', { seed }, { shape, salt })
}
