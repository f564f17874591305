import * as tf from '@tensorflow/tfjs-core'
import { hash } from '#contract/random'
import type { GradientStep } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { mapTensors } from '../tensors'

/** How fast the variance falls. */
const FADING = 0.55

/**
 * Adds normal numbers with the variance eta/(1 + t)^0.55 to every element, where t counts the steps (Neelakantan et al.,
 * 2015). They depend on nothing but the seed of the step and the name of the tensor, and are made of two uniform ones
 * each (Box and Muller, 1958).
 */
export const noise: TransformBuilder<Extract<GradientStep, { use: 'noise' }>> = () => ({
  scalars: ({ step }, { eta }) => ({ deviation: Math.sqrt(eta / (1 + step) ** FADING) }),
  init: () => ({}),
  update(updates, state, _, { deviation }, seed) {
    const disturb = (x: tf.Tensor, name: string): tf.Tensor => {
      const uniform = tf
        .engine()
        .runKernel<tf.Tensor>(
          'StatelessRandomUniform',
          { seed },
          { shape: [2, ...x.shape], salt: hash('gradient noise', name) | 0 }
        )
      const [first, second] = tf.unstack(uniform)
      // The uniform numbers may be 0 and are never 1.
      const length = tf.sqrt(tf.mul(tf.log(tf.sub(1, first)), -2))
      const normal = tf.mul(length, tf.cos(tf.mul(second, 2 * Math.PI)))
      return tf.add(x, tf.mul(normal, deviation))
    }
    return { updates: mapTensors(updates, disturb), state }
  }
})
