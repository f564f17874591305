import * as tf from '@tensorflow/tfjs-core'
import { planWithout, type LayerDefinition } from '../layer'
import { statelessUniform } from '../stateless-uniform'

/**
 * Sets values to zero with probability `rate` while training and divides the others by 1 − rate, so that the mean
 * stays (Srivastava et al., 2014). The mask depends on the step's seed and on the place of the layer.
 */
export const dropout: LayerDefinition<'dropout'> = {
  plan(_, { inputShape }) {
    return planWithout(inputShape, (x, { scalars: { rate } }, mode, salt) => {
      if (!mode.training) return x
      const kept = tf.cast(tf.greaterEqual(statelessUniform(x.shape, mode.seed, salt), rate), 'float32')
      return tf.mul(x, tf.div(kept, tf.sub(1, rate)))
    })
  },
  scalars: ({ rate }) => ({ rate })
}
