import * as tf from '@tensorflow/tfjs-core'
import type { LayerDefinition } from '../layer'
import { asImages, asSequences, planAlong } from './sequences'
import { addBias, planWeights } from './weights'

/** Filters moved along sequences: [batch, length, features] with a kernel [size, features, filters]. */
export const conv1d: LayerDefinition<'conv1d'> = {
  plan(options, place) {
    const { filters, kernelSize, padding } = options
    const { strides, output, channels } = planAlong(place, kernelSize, options.strides, padding)
    const shape = [kernelSize, channels, filters]
    return {
      outputShape: [output[1], filters],
      parameters: planWeights(options, shape, kernelSize * channels, kernelSize * filters),
      state: [],
      multiplyAdds: output[1] * kernelSize * channels * filters,
      apply(x, { parameters: { kernel, bias } }) {
        const filter = tf.reshape<tf.Rank.R4>(kernel, [1, kernelSize, channels, filters])
        return { output: addBias(asSequences(tf.conv2d(asImages(x), filter, strides, padding)), bias) }
      }
    }
  }
}
