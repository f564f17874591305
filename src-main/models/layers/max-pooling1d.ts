import * as tf from '@tensorflow/tfjs-core'
import { planWithout, type LayerDefinition } from '../layer'
import { asImages, asSequences, planAlong } from './sequences'

/** The largest value in each window and feature; windows do not overlap unless strides are given. */
export const maxPooling1d: LayerDefinition<'maxPooling1d'> = {
  plan({ size, strides = size, padding }, place) {
    const windows = planAlong(place, size, strides, padding)
    return planWithout([windows.output[1], windows.channels], (x) =>
      asSequences(tf.maxPool(asImages(x), windows.size, windows.strides, padding))
    )
  }
}
