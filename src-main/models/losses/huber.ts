import * as tf from '@tensorflow/tfjs-core'
import type { LossOf } from '#contract/vocabulary'
import type { SampleLoss } from './loss'

/**
 * Mean over the outputs of e²/2 for errors e up to `delta`, and of delta·(|e| − delta/2) beyond (Huber, 1964): with
 * c = e held within ±delta, both are c·(e − c/2), and the gradient is c.
 */
export const huber =
  ({ delta }: LossOf<'huber'>): SampleLoss =>
  (outputs, wanted) => {
    const lossOf = tf.customGrad((errors, keep) => {
      const e = errors as tf.Tensor
      const save = keep as tf.GradSaveFunc
      const held = tf.clipByValue(e, -delta, delta)
      save([held])
      return {
        value: tf.mul(held, tf.sub(e, tf.div(held, 2))),
        gradFunc: (dy, saved) => tf.mul(dy as tf.Tensor, (saved as tf.Tensor[])[0])
      }
    })
    return tf.mean(lossOf(tf.sub(outputs, wanted)), 1)
  }
