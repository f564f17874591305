import * as tf from '@tensorflow/tfjs-core'
import { isWeight } from '#contract/model'
import type { GradientStep } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { mapTensors } from '../tensors'
import { fanInAxes } from './fan-in'

/**
 * Takes the mean over what enters each unit off the gradient of its weights; biases, gains and offsets stay (gradient
 * centralization: Yong et al., 2020).
 */
export const centralize: TransformBuilder<Extract<GradientStep, { use: 'centralize' }>> = (_, about) => {
  const axesOf = new Map(about.filter(isWeight).map((each) => [each.name, fanInAxes(each)]))
  return {
    scalars: () => ({}),
    init: () => ({}),
    update(updates, state) {
      const center = (x: tf.Tensor, name: string): tf.Tensor => {
        const axes = axesOf.get(name)
        return axes ? tf.sub(x, tf.mean(x, axes, true)) : x
      }
      return { updates: mapTensors(updates, center), state }
    }
  }
}
