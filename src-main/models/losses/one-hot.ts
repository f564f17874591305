import * as tf from '@tensorflow/tfjs-core'

/** Class numbers, int32[batch], as rows of zeros with a one at the class, in the shape of `outputs`, [batch, classes]. */
export const oneHotFor = (outputs: tf.Tensor, classes: tf.Tensor): tf.Tensor =>
  tf.cast(tf.oneHot(classes as tf.Tensor1D, (outputs as tf.Tensor2D).shape[1]), 'float32')
