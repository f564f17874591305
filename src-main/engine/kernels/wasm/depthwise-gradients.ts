import * as tf from '@tensorflow/tfjs-core'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { replaceKernel } from '../replace'

/**
 * The gradients of a depthwise convolution, which tfjs-backend-wasm lacks, by its input and by its filter.
 * Shapes: x [batch, height, width, channels], filter [rows, columns, channels, multiplier],
 * dy [batch, outRows, outColumns, channels · multiplier].
 */
export function registerDepthwiseGradients(backendName: string): void {
  replaceKernel<tf.DepthwiseConv2dNativeBackpropInputInputs, tf.DepthwiseConv2dNativeBackpropInputAttrs>(
    tf.DepthwiseConv2dNativeBackpropInput,
    backendName,
    ({ inputs: { dy, filter }, attrs, ...call }) => {
      const backend = call.backend as BackendWasm
      const about = aboutOf(attrs, attrs.inputShape, filter.shape)
      const result = backend.makeOutput(attrs.inputShape, 'float32')
      const [gradient, towards, weights] = [result, dy, filter].map((each) => heapOf(backend, each))
      gradient.fill(0)
      visit(about, (x, w, y) => (gradient[x] += towards[y] * weights[w]))
      return result
    }
  )
  replaceKernel<tf.DepthwiseConv2dNativeBackpropFilterInputs, tf.DepthwiseConv2dNativeBackpropFilterAttrs>(
    tf.DepthwiseConv2dNativeBackpropFilter,
    backendName,
    ({ inputs: { x, dy }, attrs, ...call }) => {
      const backend = call.backend as BackendWasm
      const about = aboutOf(attrs, x.shape, attrs.filterShape)
      const result = backend.makeOutput(attrs.filterShape, 'float32')
      const [gradient, values, towards] = [result, x, dy].map((each) => heapOf(backend, each))
      gradient.fill(0)
      visit(about, (x, w, y) => (gradient[w] += towards[y] * values[x]))
      return result
    }
  )
}

/** Views of the heap are taken last: making an output may have moved it. */
const heapOf = (backend: BackendWasm, tensor: tf.TensorInfo): Float32Array =>
  backend.typedArrayFromHeap(tensor) as Float32Array

const aboutOf = (
  {
    strides,
    pad,
    dilations,
    dimRoundingMode
  }: Omit<tf.DepthwiseConv2dNativeBackpropInputAttrs, 'inputShape'>,
  inputShape: number[],
  filterShape: number[]
): tf.backend_util.Conv2DInfo =>
  tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true
  )

/** Calls back with the places in input, filter and output of every product that the convolution adds up. */
function visit(about: tf.backend_util.Conv2DInfo, see: (x: number, w: number, y: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = about
  const multiplier = outChannels / inChannels
  for (let image = 0; image < batchSize; image++)
    for (let outRow = 0; outRow < outHeight; outRow++)
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const firstOutput = ((image * outHeight + outRow) * outWidth + outColumn) * outChannels
        for (let row = 0; row < about.filterHeight; row++) {
          const y = outRow * about.strideHeight - padInfo.top + row
          if (y < 0 || y >= inHeight) continue
          for (let column = 0; column < about.filterWidth; column++) {
            const x = outColumn * about.strideWidth - padInfo.left + column
            if (x < 0 || x >= inWidth) continue
            const firstInput = ((image * inHeight + y) * inWidth + x) * inChannels
            const firstWeight = (row * about.filterWidth + column) * outChannels
            for (let output = 0; output < outChannels; output++)
              see(firstInput + Math.floor(output / multiplier), firstWeight + output, firstOutput + output)
          }
        }
      }
}
