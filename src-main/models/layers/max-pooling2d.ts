import * as tf from '@tensorflow/tfjs-core'
import { planWithout, type LayerDefinition } from '../layer'
import { planWindows } from './windows'

/** The largest value in each window and channel; windows do not overlap unless strides are given. */
export const maxPooling2d: LayerDefinition<'maxPooling2d'> = {
  plan({ size, strides = size, padding }, place) {
    const windows = planWindows(place, size, strides, padding)
    return planWithout([...windows.output, windows.channels], (x) =>
      tf.maxPool(x as tf.Tensor4D, windows.size, windows.strides, padding)
    )
  }
}
