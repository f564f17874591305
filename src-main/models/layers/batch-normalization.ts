import * as tf from '@tensorflow/tfjs-core'
import { sizeOf, type LayerDefinition } from '../layer'

/**
 * Each channel (last axis) brought to mean 0 and variance 1, then multiplied by a gain and moved by an offset (Ioffe
 * and Szegedy, 2015). Training takes mean and biased variance of the batch and moves the averages as Keras does,
 * moving·momentum + batch·(1 − momentum); otherwise the averages are used.
 */
export const batchNormalization: LayerDefinition<'batchNormalization'> = {
  plan({ momentum, epsilon }, { inputShape }) {
    const channels = inputShape[inputShape.length - 1]
    const vector = { shape: [channels], fanIn: channels, fanOut: channels }
    return {
      outputShape: [...inputShape],
      parameters: [
        { role: 'gain', ...vector, initializer: { use: 'ones' } },
        { role: 'offset', ...vector, initializer: { use: 'zeros' } }
      ],
      state: [
        { role: 'movingMean', shape: [channels], value: 0 },
        { role: 'movingVariance', shape: [channels], value: 1 }
      ],
      multiplyAdds: sizeOf(inputShape),
      apply(x, { parameters: { gain, offset }, state: { movingMean, movingVariance } }, mode) {
        if (!mode.training) {
          const scale = tf.mul(gain, tf.rsqrt(tf.add(movingVariance, epsilon)))
          return { output: tf.add(tf.mul(tf.sub(x, movingMean), scale), offset) }
        }
        const { output, mean, variance } = normalizeBatch(x, gain, offset, epsilon)
        const follow = (moving: tf.Tensor, batch: tf.Tensor): tf.Tensor =>
          tf.add(tf.mul(moving, momentum), tf.mul(batch, 1 - momentum))
        return {
          output,
          state: {
            movingMean: follow(movingMean, mean),
            movingVariance: follow(movingVariance, variance)
          }
        }
      }
    }
  }
}

/** By the engine's own operation where it has one: for images, and for sequences as images that are one pixel wide. */
function normalizeBatch(
  x: tf.Tensor,
  gain: tf.Tensor,
  offset: tf.Tensor,
  epsilon: number
): { output: tf.Tensor; mean: tf.Tensor; variance: tf.Tensor } {
  if ((x.rank === 3 || x.rank === 4) && tf.getKernel('BatchNormalization', tf.getBackend())) {
    const image = x.rank === 3 ? tf.expandDims(x, 2) : x
    const inputs = { x: image, gain, offset }
    const results: tf.Tensor[] = tf.engine().runKernel('BatchNormalization', inputs, { epsilon })
    const [output, mean, variance] = results
    return { output: tf.reshape(output, x.shape), mean, variance }
  }
  const axes = axesOf(x)
  const mean = tf.mean(x, axes)
  const variance = tf.mean(tf.square(tf.sub(x, mean)), axes)
  return {
    output: normalize(x, gain, offset, mean, tf.rsqrt(tf.add(variance, epsilon))),
    mean,
    variance
  }
}

/** All axes but the last. */
const axesOf = (x: tf.Tensor): number[] => x.shape.slice(0, -1).map((_, axis) => axis)

/**
 * y = gain·n + offset with n = (x − mean)·inverse, where mean and inverse come from x itself. Backward in closed form,
 * dx = gain·inverse·(dy − mean(dy) − n·mean(dy·n)): differentiating op by op costs four times as many ops.
 */
function normalize(
  x: tf.Tensor,
  gain: tf.Tensor,
  offset: tf.Tensor,
  mean: tf.Tensor,
  inverse: tf.Tensor
): tf.Tensor {
  return tf.customGrad((...inputs) => {
    const save = inputs[3] as tf.GradSaveFunc
    const normalized = tf.mul(tf.sub(x, mean), inverse)
    save([normalized, inverse, gain])
    return {
      value: tf.add(tf.mul(normalized, gain), offset),
      gradFunc: (dy, saved) => {
        const [n, inverse, gain] = saved as tf.Tensor[]
        const axes = axesOf(n)
        const towardsGain = tf.sum(tf.mul(dy, n), axes)
        const towardsOffset = tf.sum(dy, axes)
        const count = sizeOf(n.shape.slice(0, -1))
        const mean = tf.div(tf.add(towardsOffset, tf.mul(n, towardsGain)), count)
        return [tf.mul(tf.sub(dy, mean), tf.mul(gain, inverse)), towardsGain, towardsOffset]
      }
    }
  })(x, gain, offset)
}
