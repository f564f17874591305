import * as tf from '@tensorflow/tfjs-core'
import type { LayerDefinition } from '../layer'
import { planOverImages } from './global-pooling'

/** The mean of each channel: [batch, height, width, channels] to [batch, channels] (Lin, Chen and Yan, 2014). */
export const globalAveragePooling2d: LayerDefinition<'globalAveragePooling2d'> = {
  plan: (_, place) => planOverImages(place, tf.mean)
}
