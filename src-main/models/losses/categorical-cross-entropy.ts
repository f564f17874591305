import * as tf from '@tensorflow/tfjs-core'
import type { LossOf } from '#contract/vocabulary'
import type { SampleLoss } from './loss'

/**
 * Cross-entropy of outputs that are probabilities, −Σ y·log p, as in Keras: outputs are divided by their sum and held
 * within `clip` and 1 − `clip`; 0 lets everything through, log 0 included.
 */
export const categoricalCrossEntropy =
  ({ clip }: LossOf<'categoricalCrossEntropy'>): SampleLoss =>
  (outputs, wanted) => {
    const shares = tf.div(outputs, tf.sum(outputs, 1, true))
    const held = clip === 0 ? shares : tf.clipByValue(shares, clip, 1 - clip)
    return tf.neg(tf.sum(tf.mul(wanted, tf.log(held)), 1))
  }
