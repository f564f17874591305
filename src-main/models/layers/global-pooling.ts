import * as tf from '@tensorflow/tfjs-core'
import { planWithout, type LayerPlan, type Place } from '../layer'
import { sequenceOf } from './sequences'
import { planWindows } from './windows'

/**
 * One number for each channel of the images that reach a layer.
 * @throws Failure `model.imageInput`.
 */
export function planOverImages(place: Place, pool: (x: tf.Tensor, axes: number[]) => tf.Tensor): LayerPlan {
  const { channels } = planWindows(place, 1, 1, 'valid')
  return planWithout([channels], (x) => pool(x, [1, 2]))
}

/**
 * One number for each feature of the sequences that reach a layer.
 * @throws Failure `model.sequenceInput`.
 */
export function planOverSequences(
  place: Place,
  pool: (x: tf.Tensor, axes: number[]) => tf.Tensor
): LayerPlan {
  const [, features] = sequenceOf(place)
  return planWithout([features], (x) => pool(x, [1]))
}

/**
 * The largest value over axes. Where several are the largest they share the gradient, as in TensorFlow; the gradient
 * that tfjs has for the maximum gives each of them all of it.
 */
export const largest = (x: tf.Tensor, axes: number[]): tf.Tensor =>
  tf.customGrad((input, keep) => {
    const save = keep as tf.GradSaveFunc
    const values = input as tf.Tensor
    const maximum = tf.max(values, axes, true)
    save([tf.cast(tf.equal(values, maximum), 'float32')])
    return {
      value: tf.squeeze(maximum, axes),
      gradFunc: (dy, saved) => {
        const [chosen] = saved as tf.Tensor[]
        const count = tf.sum(chosen, axes, true)
        return tf.mul(chosen, tf.div(tf.reshape(dy as tf.Tensor, count.shape), count))
      }
    }
  })(x)
