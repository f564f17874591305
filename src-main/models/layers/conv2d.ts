import * as tf from '@tensorflow/tfjs-core'
import type { LayerDefinition } from '../layer'
import { addBias, planWeights } from './weights'
import { planWindows } from './windows'

/** Filters moved over images: [batch, height, width, channels] with a kernel [height, width, channels, filters]. */
export const conv2d: LayerDefinition<'conv2d'> = {
  plan(options, place) {
    const { filters, padding } = options
    const { size, strides, output, channels } = planWindows(
      place,
      options.kernelSize,
      options.strides,
      padding
    )
    const area = size[0] * size[1]
    return {
      outputShape: [...output, filters],
      parameters: planWeights(options, [...size, channels, filters], area * channels, area * filters),
      state: [],
      multiplyAdds: output[0] * output[1] * area * channels * filters,
      apply: (x, { parameters }) => ({
        output: addBias(
          tf.conv2d(x as tf.Tensor4D, parameters.kernel as tf.Tensor4D, strides, padding),
          parameters.bias
        )
      })
    }
  }
}
