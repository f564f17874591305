import * as tf from '@tensorflow/tfjs-core'
import { replaceKernel } from '../replace'

/**
 * The gradient of a two-dimensional convolution by its filter, which tfjs-backend-wasm lacks.
 * dF[a, b, i, o] = Σ over n, p, q of X[n, s·p + a − top, s·q + b − left, i] · dY[n, p, q, o]: itself a convolution
 * of X with dY, where the batch takes the place of the channels and the stride that of the dilation.
 * Shapes: x [batch, height, width, in], dy [batch, rows, columns, out], result [height, width, in, out] of the filter.
 */
export function registerConvolutionFilterGradient(backendName: string): void {
  replaceKernel<tf.Conv2DBackpropFilterInputs, tf.Conv2DBackpropFilterAttrs>(
    tf.Conv2DBackpropFilter,
    backendName,
    ({ inputs, attrs }) => {
      const x = inputs.x as tf.Tensor4D
      const dy = inputs.dy as tf.Tensor4D
      const about = tf.backend_util.computeConv2DInfo(
        x.shape,
        attrs.filterShape,
        attrs.strides,
        1,
        attrs.pad,
        attrs.dimRoundingMode
      )
      const { strideHeight, strideWidth, filterHeight, filterWidth, outHeight, outWidth, padInfo } = about
      return tf.tidy(() => {
        const images = tf.transpose(x, [3, 1, 2, 0])
        const filters = tf.transpose(dy, [1, 2, 0, 3])
        // Padding below and on the right such that exactly the filter's rows and columns come out;
        // negative where the forward pass never reached the last rows.
        const bottom = (outHeight - 1) * strideHeight + filterHeight - about.inHeight - padInfo.top
        const right = (outWidth - 1) * strideWidth + filterWidth - about.inWidth - padInfo.left
        const reached =
          bottom < 0 || right < 0
            ? tf.slice(images, 0, [
                attrs.filterShape[2],
                about.inHeight + Math.min(bottom, 0),
                about.inWidth + Math.min(right, 0),
                about.batchSize
              ])
            : images
        const gradient = tf.conv2d(
          reached as tf.Tensor4D,
          filters as tf.Tensor4D,
          1,
          [
            [0, 0],
            [padInfo.top, Math.max(bottom, 0)],
            [padInfo.left, Math.max(right, 0)],
            [0, 0]
          ],
          'NHWC',
          [strideHeight, strideWidth]
        )
        return tf.transpose(gradient, [1, 2, 0, 3])
      })
    }
  )
}
