import * as tf from '@tensorflow/tfjs-core'

/**
 * The class that each row of outputs stands for, int32[batch]: the place of the largest; where there is one output for
 * two classes, 1 where it is above `threshold`, else 0.
 */
const classOf = (outputs: tf.Tensor, threshold: number): tf.Tensor =>
  outputs.shape[1] === 1
    ? tf.cast(tf.greater(tf.reshape(outputs, [-1]), threshold), 'int32')
    : tf.argMax(outputs, 1)

/**
 * Share of samples, 0 to 1, whose outputs stand for the class that their target stands for: a class number,
 * int32[batch], or a share for each class, float32[batch, classes].
 */
export const accuracyOf = (outputs: tf.Tensor, targets: tf.Tensor, threshold: number): tf.Scalar => {
  const classes = targets.dtype === 'int32' ? targets : classOf(targets, 0.5)
  return tf.mean(tf.cast(tf.equal(classOf(outputs, threshold), classes), 'float32'))
}
