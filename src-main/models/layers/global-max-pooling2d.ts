import type { LayerDefinition } from '../layer'
import { largest, planOverImages } from './global-pooling'

/** The largest value of each channel: [batch, height, width, channels] to [batch, channels]. */
export const globalMaxPooling2d: LayerDefinition<'globalMaxPooling2d'> = {
  plan: (_, place) => planOverImages(place, largest)
}
