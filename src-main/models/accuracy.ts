import * as tf from '@tensorflow/tfjs-core'
import type { MeanOverBatch } from './losses/loss'

/** Share of samples, 0 to 1, whose largest output ([batch, classes]) is the one of their class (int32[batch]). */
export const accuracyOf: MeanOverBatch = (outputs, targets) =>
  tf.mean(tf.cast(tf.equal(tf.argMax(outputs, 1), targets), 'float32'))
