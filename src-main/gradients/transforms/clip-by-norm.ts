import type { GradientStep } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { mapTensors } from '../tensors'
import { anyOf, limitTo, normOf } from './norm'

/**
 * Each tensor g on its own becomes g·min(1, max/‖g‖), as `clipnorm` of Keras: tensors keep their directions, the whole
 * gradient does not.
 */
export const clipByNorm: TransformBuilder<Extract<GradientStep, { use: 'clipByNorm' }>> = () => ({
  scalars: (_, { max }) => ({ max }),
  init: () => ({}),
  update(updates, state, _, { max }) {
    const limits = Object.entries(updates).map(([name, x]) => [name, limitTo(max, normOf(x))] as const)
    const limitOf = Object.fromEntries(limits)
    return {
      updates: mapTensors(updates, (x, name) => limitOf[name].shrink(x)),
      state,
      threshold: max,
      clipped: anyOf(limits.map(([, { isLong }]) => isLong))
    }
  }
})
