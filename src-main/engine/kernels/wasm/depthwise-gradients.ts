import * as tf from '@tensorflow/tfjs-core'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { replaceKernel } from '../replace'

type Shape = [number, number, number, number]

/**
 * The gradients of a depthwise convolution, which tfjs-backend-wasm lacks, by its filter and by its input.
 * Shapes: x [batch, height, width, channels], filter [rows, columns, channels, multiplier],
 * dy [batch, outRows, outColumns, channels · multiplier].
 */
export function registerDepthwiseGradients(backendName: string): void {
  replaceKernel<tf.DepthwiseConv2dNativeBackpropFilterInputs, tf.DepthwiseConv2dNativeBackpropFilterAttrs>(
    tf.DepthwiseConv2dNativeBackpropFilter,
    backendName,
    ({ inputs: { x, dy }, attrs, ...call }) => {
      const about = aboutOf(x.shape as Shape, attrs.filterShape, attrs)
      return fill(call.backend as BackendWasm, attrs.filterShape, [x, dy], (gradient, [values, towards]) =>
        visit(about, (pixel, tap, place) => {
          for (let channel = 0, out = 0; channel < about.inChannels; channel++)
            for (const end = out + about.multiplier; out < end; out++)
              gradient[tap + out] += values[pixel + channel] * towards[place + out]
        })
      )
    }
  )
  replaceKernel<tf.DepthwiseConv2dNativeBackpropInputInputs, tf.DepthwiseConv2dNativeBackpropInputAttrs>(
    tf.DepthwiseConv2dNativeBackpropInput,
    backendName,
    ({ inputs: { dy, filter }, attrs, ...call }) => {
      const about = aboutOf(attrs.inputShape, filter.shape as Shape, attrs)
      return fill(
        call.backend as BackendWasm,
        attrs.inputShape,
        [filter, dy],
        (gradient, [weights, towards]) =>
          visit(about, (pixel, tap, place) => {
            for (let channel = 0, out = 0; channel < about.inChannels; channel++)
              for (const end = out + about.multiplier; out < end; out++)
                gradient[pixel + channel] += weights[tap + out] * towards[place + out]
          })
      )
    }
  )
}

type About = tf.backend_util.Conv2DInfo & { multiplier: number }

const aboutOf = (
  inputShape: Shape,
  filterShape: Shape,
  { strides, pad }: Pick<tf.DepthwiseConv2dNativeBackpropInputAttrs, 'strides' | 'pad'>
): About => ({
  ...tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, undefined, true),
  multiplier: filterShape[3]
})

/** A new tensor of zeros that is filled from the values of others. */
function fill(
  backend: BackendWasm,
  shape: Shape,
  inputs: tf.TensorInfo[],
  compute: (result: Float32Array, values: Float32Array[]) => void
): tf.TensorInfo {
  const result = backend.makeOutput(shape, 'float32')
  // Views of the heap are taken last: making the output may have moved it.
  const [to, ...from] = [result, ...inputs].map((each) => backend.typedArrayFromHeap(each) as Float32Array)
  to.fill(0)
  compute(to, from)
  return result
}

/**
 * Calls back for each place of the output and each tap of the filter that lies on the image, with where the channels of
 * the pixel, of the tap and of the place begin.
 */
function visit(about: About, see: (pixel: number, tap: number, place: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = about
  let place = 0
  for (let image = 0; image < batchSize; image++)
    for (let outRow = 0; outRow < outHeight; outRow++)
      for (let outColumn = 0; outColumn < outWidth; outColumn++, place += outChannels) {
        const top = outRow * about.strideHeight - padInfo.top
        const left = outColumn * about.strideWidth - padInfo.left
        for (let row = Math.max(0, -top); row < about.filterHeight && top + row < inHeight; row++)
          for (
            let column = Math.max(0, -left);
            column < about.filterWidth && left + column < inWidth;
            column++
          )
            see(
              ((image * inHeight + top + row) * inWidth + left + column) * inChannels,
              (row * about.filterWidth + column) * outChannels,
              place
            )
      }
}
