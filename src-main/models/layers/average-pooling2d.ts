import * as tf from '@tensorflow/tfjs-core'
import { planWithout, type LayerDefinition } from '../layer'
import { planWindows, type Windows } from './windows'

/** The mean of each window and channel; padding does not count. Windows do not overlap unless strides are given. */
export const averagePooling2d: LayerDefinition<'averagePooling2d'> = {
  plan({ size, strides = size, padding }, place) {
    const windows = planWindows(place, size, strides, padding)
    const average = averageOver(windows)
    return planWithout([...windows.output, windows.channels], (x) => average(x as tf.Tensor4D))
  }
}

/** The mean of each window of images, [batch, height, width, channels]. */
export function averageOver(windows: Windows): (x: tf.Tensor4D) => tf.Tensor {
  const shares = sharesOf(windows)
  const isPadded = shares.some((share) => share !== 1)
  return (x) => (isPadded ? averagePadded(x, windows, shares) : average(x, windows))
}

const average = (x: tf.Tensor4D, { size, strides }: Windows): tf.Tensor4D =>
  tf.avgPool(x, size, strides, 'valid')

/**
 * The gradient that tfjs has for padded average pooling divides by the whole window, padding included, on the cpu and
 * wasm backends. Padding by ourselves and dividing by the covered share is right on all of them.
 */
function averagePadded(x: tf.Tensor4D, windows: Windows, shares: number[]): tf.Tensor {
  const { before, after, output } = windows
  const padded = tf.pad(x, [
    [0, 0],
    [before[0], after[0]],
    [before[1], after[1]],
    [0, 0]
  ])
  return tf.div(average(padded, windows), tf.tensor(shares, [...output, 1]))
}

/** For each window, row after row, the share of it that lies on the image. */
function sharesOf({ input, output, size, strides, before }: Windows): number[] {
  const covered = (axis: 0 | 1, index: number): number => {
    const start = index * strides[axis] - before[axis]
    return (Math.min(start + size[axis], input[axis]) - Math.max(start, 0)) / size[axis]
  }
  return Array.from(
    { length: output[0] * output[1] },
    (_, index) => covered(0, Math.floor(index / output[1])) * covered(1, index % output[1])
  )
}
