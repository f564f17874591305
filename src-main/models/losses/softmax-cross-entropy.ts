import * as tf from '@tensorflow/tfjs-core'
import type { MeanOverBatch } from './loss'
import { oneHotFor } from './one-hot'

/**
 * Cross-entropy of the softmax of raw outputs: the mean of log Σ exp(z) − z[class], with z shifted by its largest value
 * so that exp cannot overflow. Its gradient is (softmax(z) − one-hot) / batch (Bridle, 1990).
 */
export const softmaxCrossEntropy: MeanOverBatch = (outputs, targets) =>
  tf.customGrad<tf.Scalar>((logits, keep) => {
    const z = logits as tf.Tensor
    const save = keep as tf.GradSaveFunc
    const chosen = oneHotFor(z, targets)
    const shifted = tf.sub(z, tf.max(z, 1, true))
    const exponentials = tf.exp(shifted)
    const total = tf.sum(exponentials, 1, true)
    const losses = tf.sub(tf.log(total), tf.sum(tf.mul(shifted, chosen), 1, true))
    save([tf.div(exponentials, total), chosen])
    return {
      value: tf.mean(losses),
      gradFunc: (dy, saved) => {
        const [probabilities, ones] = saved as tf.Tensor[]
        return tf.mul(tf.sub(probabilities, ones), tf.div(dy, z.shape[0] as number))
      }
    }
  })(outputs)
