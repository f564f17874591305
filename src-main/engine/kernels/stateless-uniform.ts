import * as tf from '@tensorflow/tfjs-core'

/**
 * The kernel that every engine has under this name: `tf.engine().runKernel(STATELESS_UNIFORM, inputs, attributes)`
 * with inputs `{ seed: int32[2] }` and attributes `{ shape: number[], salt: number }`, giving float32 of that
 * shape, uniform in [0, 1). The same seed, salt and shape give the same numbers on the same engine; other engines
 * give other numbers. It has no gradient.
 */
export const STATELESS_UNIFORM = 'StatelessRandomUniform'

/** Inputs of the kernel. */
export interface StatelessUniformInputs {
  seed: tf.Tensor
}

/** Attributes of the kernel; the salt is added to the seed's second number. */
export interface StatelessUniformAttributes {
  shape: number[]
  salt: number
}

/**
 * Uniform numbers in [0, 1) that depend on nothing but seed, shape and salt.
 * The seed is an int32 tensor of shape [2], such as (run, step); the salt tells apart those who use one seed,
 * such as the dropout layers of a model.
 */
export function statelessUniform(seed: tf.Tensor, shape: number[], salt: number): tf.Tensor {
  return tf.engine().runKernel(STATELESS_UNIFORM, { seed }, { shape, salt })
}
