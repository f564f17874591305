import * as tf from '@tensorflow/tfjs-core'
import type { LayerDefinition } from '../layer'
import { addBias, planBias } from './weights'
import { planWindows } from './windows'

/**
 * Filters of its own for each channel, then a weighted sum of all that they give at each pixel (Chollet, 2017): [batch,
 * height, width, channels] with kernels [height, width, channels, depthMultiplier] and [1, 1, channels ·
 * depthMultiplier, filters].
 */
export const separableConv2d: LayerDefinition<'separableConv2d'> = {
  plan(options, place) {
    const { kernelSize, filters, depthMultiplier, padding, initializer } = options
    const { size, strides, output, channels } = planWindows(place, kernelSize, options.strides, padding)
    const area = size[0] * size[1]
    const between = channels * depthMultiplier
    return {
      outputShape: [...output, filters],
      parameters: [
        {
          role: 'depthwiseKernel',
          shape: [...size, channels, depthMultiplier],
          fanIn: area * channels,
          fanOut: area * depthMultiplier,
          initializer
        },
        {
          role: 'pointwiseKernel',
          shape: [1, 1, between, filters],
          fanIn: between,
          fanOut: filters,
          initializer
        },
        ...planBias(options, filters)
      ],
      state: [],
      multiplyAdds: output[0] * output[1] * between * (area + filters),
      apply(x, { parameters: { depthwiseKernel, pointwiseKernel, bias } }) {
        const images = x as tf.Tensor4D
        const filtered = tf.depthwiseConv2d(images, depthwiseKernel as tf.Tensor4D, strides, padding)
        return { output: addBias(tf.conv2d(filtered, pointwiseKernel as tf.Tensor4D, 1, 'valid'), bias) }
      }
    }
  }
}
