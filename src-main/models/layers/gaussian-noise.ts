import * as tf from '@tensorflow/tfjs-core'
import { planWithout, type LayerDefinition } from '../layer'
import { statelessUniform } from '../stateless-uniform'

/**
 * Adds normal numbers with mean 0 and standard deviation `stddev` while training. They depend on the step's seed and
 * on the place of the layer, and are made of two uniform ones each (Box and Muller, 1958).
 */
export const gaussianNoise: LayerDefinition<'gaussianNoise'> = {
  plan(_, { inputShape }) {
    return planWithout(inputShape, (x, { scalars: { stddev } }, mode, salt) => {
      if (!mode.training) return x
      const [first, second] = tf.unstack(statelessUniform([2, ...x.shape], mode.seed, salt))
      // The uniform numbers may be 0 and are never 1.
      const length = tf.sqrt(tf.mul(tf.log(tf.sub(1, first)), -2))
      const normal = tf.mul(length, tf.cos(tf.mul(second, 2 * Math.PI)))
      return tf.add(x, tf.mul(normal, stddev))
    })
  },
  scalars: ({ stddev }) => ({ stddev })
}
