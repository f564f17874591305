import { planWithout, type LayerDefinition } from '../layer'
import { averageOver } from './average-pooling2d'
import { asImages, asSequences, planAlong } from './sequences'

/** The mean of each window and feature; padding does not count. Windows do not overlap unless strides are given. */
export const averagePooling1d: LayerDefinition<'averagePooling1d'> = {
  plan({ size, strides = size, padding }, place) {
    const windows = planAlong(place, size, strides, padding)
    const average = averageOver(windows)
    return planWithout([windows.output[1], windows.channels], (x) => asSequences(average(asImages(x))))
  }
}
