import * as tf from '@tensorflow/tfjs-core'
import type { LayerDefinition } from '../layer'
import { planOverSequences } from './global-pooling'

/** The mean of each feature over all steps: [batch, length, features] to [batch, features]. */
export const globalAveragePooling1d: LayerDefinition<'globalAveragePooling1d'> = {
  plan: (_, place) => planOverSequences(place, tf.mean)
}
