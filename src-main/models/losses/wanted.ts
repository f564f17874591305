import * as tf from '@tensorflow/tfjs-core'

/**
 * What outputs, [batch, size], should be, in their shape. Class numbers, int32[batch], become rows of zeros with a one
 * at the class; numbers and shares of classes, float32[batch, size], stay. Where one output stands for two classes it
 * is the number, or the share, of the second.
 */
export function wantedOf(outputs: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const size = (outputs as tf.Tensor2D).shape[1]
  if (targets.dtype === 'int32' && size > 1)
    return tf.cast(tf.oneHot(targets as tf.Tensor1D, size), 'float32')
  if (targets.shape[1] === 2 && size === 1) return tf.slice(targets, [0, 1], [-1, 1])
  return tf.reshape(tf.cast(targets, 'float32'), outputs.shape)
}
