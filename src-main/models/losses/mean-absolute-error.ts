import * as tf from '@tensorflow/tfjs-core'
import type { SampleLoss } from './loss'

/** Mean over the outputs of |output − target|; the gradient is 0 where both are equal. */
export const meanAbsoluteError = (): SampleLoss => (outputs, wanted) => {
  const difference = tf.sub(outputs, wanted)
  // The gradient that tfjs has for abs is −1 at 0.
  const absolute = tf.customGrad((x, keep) => {
    const save = keep as tf.GradSaveFunc
    save([tf.sign(x as tf.Tensor)])
    return {
      value: tf.abs(x as tf.Tensor),
      gradFunc: (dy, saved) => tf.mul(dy as tf.Tensor, (saved as tf.Tensor[])[0])
    }
  })
  return tf.mean(absolute(difference), 1)
}
