import type { GradientStep } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { mapTensors } from '../tensors'
import { normOf, shrinkTo } from './norm'

/**
 * Each tensor g on its own becomes g·min(1, max/‖g‖), as `clipnorm` of Keras: tensors keep their directions, the whole
 * gradient does not.
 */
export const clipByNorm: TransformBuilder<Extract<GradientStep, { use: 'clipByNorm' }>> = () => ({
  scalars: (_, { max }) => ({ max }),
  init: () => ({}),
  update: (updates, state, _, { max }) => ({
    updates: mapTensors(updates, (x) => shrinkTo(max, normOf(x))(x)),
    state
  })
})
