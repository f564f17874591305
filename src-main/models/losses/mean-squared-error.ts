import * as tf from '@tensorflow/tfjs-core'
import type { MeanOverBatch } from './loss'
import { oneHotFor } from './one-hot'

/** Mean over samples and outputs of (output − target)². Class numbers are compared as one-hot rows. */
export const meanSquaredError: MeanOverBatch = (outputs, targets) => {
  const wanted = targets.dtype === 'int32' ? oneHotFor(outputs, targets) : tf.reshape(targets, outputs.shape)
  return tf.mean(tf.square(tf.sub(outputs, wanted)))
}
