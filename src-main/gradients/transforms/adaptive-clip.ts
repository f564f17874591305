import * as tf from '@tensorflow/tfjs-core'
import type { GradientStep } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { mapTensors } from '../tensors'
import { fanInAxes } from './fan-in'
import { anyOf, lengthOf, limitTo, normOf } from './norm'

/**
 * The gradient G of each unit, whose weights are W, becomes G·min(1, ratio·max(‖W‖, epsilon)/‖G‖); the layer that gives
 * the output is left alone (adaptive gradient clipping, AGC: Brock et al., 2021, `adaptive_grad_clip` of optax).
 */
export const adaptiveClip: TransformBuilder<Extract<GradientStep, { use: 'adaptiveClip' }>> = (
  { epsilon },
  about
) => {
  const clippedAxes = new Map(
    about.filter(({ isOutput }) => !isOutput).map((each) => [each.name, fanInAxes(each)])
  )
  return {
    scalars: (_, { ratio }) => ({ ratio }),
    init: () => ({}),
    update(updates, state, parameters, { ratio }) {
      const isLong: tf.Tensor[] = [tf.scalar(false, 'bool')]
      const clip = (x: tf.Tensor, name: string): tf.Tensor => {
        const axes = clippedAxes.get(name)
        if (!axes) return x
        const weight = tf.maximum(lengthOf(normOf(parameters[name], axes)), epsilon)
        const limit = limitTo(tf.mul(weight, ratio), normOf(x, axes))
        isLong.push(limit.isLong)
        return limit.shrink(x)
      }
      return { updates: mapTensors(updates, clip), state, clipped: anyOf(isLong) }
    }
  }
}
