import * as tf from '@tensorflow/tfjs-core'
import { sizeOf, type LayerDefinition } from '../layer'

/**
 * The last axis of each sample brought to mean 0 and variance 1, then multiplied by a gain and moved by an offset
 * (Ba, Kiros and Hinton, 2016); the same in training and outside.
 */
export const layerNormalization: LayerDefinition<'layerNormalization'> = {
  plan({ epsilon }, { inputShape }) {
    const size = inputShape[inputShape.length - 1]
    const vector = { shape: [size], fanIn: size, fanOut: size }
    return {
      outputShape: [...inputShape],
      parameters: [
        { role: 'gain', ...vector, initializer: { use: 'ones' } },
        { role: 'offset', ...vector, initializer: { use: 'zeros' } }
      ],
      state: [],
      multiplyAdds: sizeOf(inputShape),
      apply: (x, { parameters: { gain, offset } }) => ({ output: normalize(x, gain, offset, epsilon) })
    }
  }
}

/**
 * y = gain·n + offset with n = (x − mean)·inverse. Backward in closed form, with d = dy·gain,
 * dx = inverse·(d − mean(d) − n·mean(d·n)), which is a third of the ops that differentiating op by op takes.
 */
const normalize = (x: tf.Tensor, gain: tf.Tensor, offset: tf.Tensor, epsilon: number): tf.Tensor =>
  tf.customGrad((...inputs) => {
    const save = inputs[3] as tf.GradSaveFunc
    const meanOf = (values: tf.Tensor): tf.Tensor => tf.mean(values, -1, true)
    const centred = tf.sub(x, meanOf(x))
    const inverse = tf.rsqrt(tf.add(meanOf(tf.square(centred)), epsilon))
    const normalized = tf.mul(centred, inverse)
    save([normalized, inverse, gain])
    return {
      value: tf.add(tf.mul(normalized, gain), offset),
      gradFunc: (dy, saved) => {
        const [n, inverse, gain] = saved as tf.Tensor[]
        const axes = n.shape.slice(0, -1).map((_, axis) => axis)
        const d = tf.mul(dy, gain)
        const rest = tf.sub(tf.sub(d, meanOf(d)), tf.mul(n, meanOf(tf.mul(d, n))))
        return [tf.mul(inverse, rest), tf.sum(tf.mul(dy, n), axes), tf.sum(dy, axes)]
      }
    }
  })(x, gain, offset)
