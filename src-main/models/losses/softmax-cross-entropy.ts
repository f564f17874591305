import * as tf from '@tensorflow/tfjs-core'
import type { SampleLoss } from './loss'

/**
 * Cross-entropy of the softmax of raw outputs: Σ y·(log Σ exp(z) − z), with z shifted by its largest value so that exp
 * cannot overflow. Its gradient is softmax(z)·Σ y − y (Bridle, 1990).
 */
export const softmaxCrossEntropy = (): SampleLoss => (outputs, wanted) =>
  tf.customGrad((logits, keep) => {
    const z = logits as tf.Tensor
    const save = keep as tf.GradSaveFunc
    const shifted = tf.sub(z, tf.max(z, 1, true))
    const exponentials = tf.exp(shifted)
    const total = tf.sum(exponentials, 1, true)
    const share = tf.sum(wanted, 1, true)
    const losses = tf.sub(tf.mul(tf.log(total), share), tf.sum(tf.mul(shifted, wanted), 1, true))
    save([tf.sub(tf.mul(tf.div(exponentials, total), share), wanted)])
    return {
      value: tf.squeeze(losses, [1]),
      gradFunc: (dy, saved) => tf.mul((saved as tf.Tensor[])[0], tf.expandDims(dy as tf.Tensor, 1))
    }
  })(outputs)
