import * as tf from '@tensorflow/tfjs-core'
import { replaceKernel } from '../replace'

/**
 * The gradient of a two-dimensional convolution by its input. tfjs-backend-wasm has it as a plain loop; a
 * convolution of dY, with zeros between its values where the stride was more than 1, with the filter turned by
 * 180° and its channels exchanged gives the same and is 9 times as fast.
 * Shapes: dy [batch, rows, columns, out], filter [height, width, in, out], result `inputShape`.
 */
export function registerConvolutionInputGradient(backendName: string): void {
  replaceKernel<tf.Conv2DBackpropInputInputs, tf.Conv2DBackpropInputAttrs>(
    tf.Conv2DBackpropInput,
    backendName,
    ({ inputs, attrs }) => {
      const dy = inputs.dy as tf.Tensor4D
      const filter = inputs.filter as tf.Tensor4D
      const about = tf.backend_util.computeConv2DInfo(
        attrs.inputShape,
        filter.shape,
        attrs.strides,
        1,
        attrs.pad,
        attrs.dimRoundingMode
      )
      const { strideHeight, strideWidth, filterHeight, filterWidth, inHeight, inWidth, padInfo } = about
      return tf.tidy(() => {
        const spread = spreadOut(dy, strideHeight, strideWidth)
        const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D
        // First the gradient of the whole padded input, then the part of it that is no padding. The last rows
        // of the input that no window reached are padded here, so that they get a zero.
        const bottom = padInfo.top + inHeight - spread.shape[1]
        const right = padInfo.left + inWidth - spread.shape[2]
        const whole = tf.conv2d(spread, turned, 1, [
          [0, 0],
          [filterHeight - 1, Math.max(bottom, 0)],
          [filterWidth - 1, Math.max(right, 0)],
          [0, 0]
        ])
        return tf.slice(whole, [0, padInfo.top, padInfo.left, 0], attrs.inputShape)
      })
    }
  )
}

/** Puts stride − 1 zeros between neighbouring rows and columns. */
function spreadOut(dy: tf.Tensor4D, strideHeight: number, strideWidth: number): tf.Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return dy
  const [batch, rows, columns, channels] = dy.shape
  const height = (rows - 1) * strideHeight + 1
  const width = (columns - 1) * strideWidth + 1
  const values = dy.dataSync()
  const spread = new Float32Array(batch * height * width * channels)
  for (let image = 0, from = 0; image < batch; image++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++, from += channels) {
        const to = ((image * height + row * strideHeight) * width + column * strideWidth) * channels
        spread.set(values.subarray(from, from + channels), to)
      }
  return tf.tensor4d(spread, [batch, height, width, channels])
}
