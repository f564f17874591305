import * as tf from '@tensorflow/tfjs-core'
import type { SampleLoss } from './loss'

/**
 * Cross-entropy of the sigmoid of each raw output, the mean over the outputs: max(z, 0) − z·y + log(1 + exp(−|z|)),
 * where nothing can overflow. Its gradient is σ(z) − y.
 */
export const binaryCrossEntropy = (): SampleLoss => (outputs, wanted) =>
  tf.customGrad((logits, keep) => {
    const z = logits as tf.Tensor
    const save = keep as tf.GradSaveFunc
    const above = tf.sub(tf.relu(z), tf.mul(z, wanted))
    const losses = tf.add(above, tf.softplus(tf.neg(tf.abs(z))))
    save([tf.div(tf.sub(tf.sigmoid(z), wanted), z.shape[1] as number)])
    return {
      value: tf.mean(losses, 1),
      gradFunc: (dy, saved) => tf.mul((saved as tf.Tensor[])[0], tf.expandDims(dy as tf.Tensor, 1))
    }
  })(outputs)
