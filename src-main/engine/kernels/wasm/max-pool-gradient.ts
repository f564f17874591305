import * as tf from '@tensorflow/tfjs-core'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { replaceKernel } from '../replace'

/**
 * The gradient of two-dimensional maximum pooling: each value of dy goes to the first largest value of its
 * window. tfjs-backend-wasm copies pixel by pixel through buffers; this loop is several times as fast.
 * Shapes: input and result [batch, height, width, channels], dy [batch, rows, columns, channels].
 */
export function registerMaxPoolGradient(backendName: string): void {
  replaceKernel<tf.MaxPoolGradInputs, tf.MaxPoolGradAttrs>(tf.MaxPoolGrad, backendName, (call) => {
    const { dy, input } = call.inputs
    const { filterSize, strides, pad, dimRoundingMode } = call.attrs
    const backend = call.backend as BackendWasm
    const shape = input.shape as [number, number, number, number]
    const about = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
    const result = backend.makeOutput(shape, 'float32')
    // Views of the heap are taken last: making the output may have moved it.
    const gradient = backend.typedArrayFromHeap(result) as Float32Array
    gradient.fill(0)
    route(
      about,
      backend.typedArrayFromHeap(dy) as Float32Array,
      backend.typedArrayFromHeap(input) as Float32Array,
      gradient
    )
    return result
  })
}

function route(
  about: tf.backend_util.Conv2DInfo,
  dy: Float32Array,
  input: Float32Array,
  gradient: Float32Array
): void {
  const { batchSize, outHeight, outWidth, inHeight, inWidth, inChannels: channels, padInfo } = about
  let at = 0
  for (let image = 0; image < batchSize; image++)
    for (let row = 0; row < outHeight; row++) {
      const top = row * about.strideHeight - padInfo.top
      const firstRow = Math.max(top, 0)
      const lastRow = Math.min(top + about.filterHeight, inHeight)
      for (let column = 0; column < outWidth; column++) {
        const left = column * about.strideWidth - padInfo.left
        const firstColumn = Math.max(left, 0)
        const lastColumn = Math.min(left + about.filterWidth, inWidth)
        for (let channel = 0; channel < channels; channel++, at++) {
          let largest = -Infinity
          let place = -1
          for (let y = firstRow; y < lastRow; y++) {
            let pixel = ((image * inHeight + y) * inWidth + firstColumn) * channels + channel
            for (let x = firstColumn; x < lastColumn; x++, pixel += channels)
              if (input[pixel] > largest) {
                largest = input[pixel]
                place = pixel
              }
          }
          // A window of nothing but NaN has no largest value.
          if (place >= 0) gradient[place] += dy[at]
        }
      }
    }
}
