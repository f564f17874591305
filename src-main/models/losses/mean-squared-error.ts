import * as tf from '@tensorflow/tfjs-core'
import type { SampleLoss } from './loss'

/** Mean over the outputs of (output − target)². */
export const meanSquaredError = (): SampleLoss => (outputs, wanted) =>
  tf.mean(tf.square(tf.sub(outputs, wanted)), 1)
