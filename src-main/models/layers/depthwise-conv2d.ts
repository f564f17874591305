import * as tf from '@tensorflow/tfjs-core'
import type { LayerDefinition } from '../layer'
import { addBias, planBias } from './weights'
import { planWindows } from './windows'

/**
 * Filters of its own for each channel: [batch, height, width, channels] with a kernel [height, width, channels,
 * depthMultiplier] gives channels · depthMultiplier channels, those of one input channel next to each other.
 */
export const depthwiseConv2d: LayerDefinition<'depthwiseConv2d'> = {
  plan(options, place) {
    const { kernelSize, depthMultiplier, padding, initializer } = options
    const { size, strides, output, channels } = planWindows(place, kernelSize, options.strides, padding)
    const area = size[0] * size[1]
    const outputs = channels * depthMultiplier
    return {
      outputShape: [...output, outputs],
      parameters: [
        {
          role: 'depthwiseKernel',
          shape: [...size, channels, depthMultiplier],
          fanIn: area * channels,
          fanOut: area * depthMultiplier,
          initializer
        },
        ...planBias(options, outputs)
      ],
      state: [],
      multiplyAdds: output[0] * output[1] * area * outputs,
      apply: (x, { parameters: { depthwiseKernel, bias } }) => ({
        output: addBias(
          tf.depthwiseConv2d(x as tf.Tensor4D, depthwiseKernel as tf.Tensor4D, strides, padding),
          bias
        )
      })
    }
  }
}
