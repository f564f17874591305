import type { GradientStep } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { mapTensors } from '../tensors'
import { anyOf, limitTo, normOfAll } from './norm'

/**
 * All tensors together are multiplied by min(1, max/G), where G is their norm as one vector: the direction stays
 * (Pascanu, Mikolov and Bengio, 2013; `global_clipnorm` of Keras).
 */
export const clipByGlobalNorm: TransformBuilder<Extract<GradientStep, { use: 'clipByGlobalNorm' }>> = () => ({
  scalars: (_, { max }) => ({ max }),
  init: () => ({}),
  update(updates, state, _, { max }) {
    const { isLong, shrink } = limitTo(max, normOfAll(Object.values(updates)))
    return { updates: mapTensors(updates, shrink), state, threshold: max, clipped: anyOf([isLong]) }
  }
})
