import * as tf from '@tensorflow/tfjs-core'
import { planWithout, sizeOf, type LayerDefinition } from '../layer'

/** All values of a sample in one row, the last axis fastest. */
export const flatten: LayerDefinition<'flatten'> = {
  plan(_, { inputShape }) {
    const size = sizeOf(inputShape)
    return planWithout([size], (x) => tf.reshape(x, [x.shape[0], size]))
  }
}
