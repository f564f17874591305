import type { LayerDefinition } from '../layer'
import { largest, planOverSequences } from './global-pooling'

/** The largest value of each feature: [batch, length, features] to [batch, features]. */
export const globalMaxPooling1d: LayerDefinition<'globalMaxPooling1d'> = {
  plan: (_, place) => planOverSequences(place, largest)
}
