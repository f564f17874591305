import * as tf from '@tensorflow/tfjs-core'
import { isWeight, type ParameterTable } from '#contract/model'
import type { Optimizer } from '#contract/vocabulary'
import { rateAt } from '../schedules'
import { mapTensors, type Tensors } from '../tensors'
import type { Clock } from '../transform'

/**
 * Decoupled weight decay (Loshchilov and Hutter, 2019): every kernel, and every table of embeddings, moves by
 * −rate·decay·kernel besides what the optimizer does, as `weight_decay` of Keras; biases, gains and offsets do not decay.
 */
export interface Decay {
  /** `shrinkage` = rate·decay where there is a decay. */
  scalars(clock: Clock, current: Optimizer): Record<string, number>
  /** Whether a tensor decays. */
  shrinks(tensor: string): boolean
  /** The updates of an optimizer with the decay added. */
  addTo(updates: Tensors, parameters: Tensors, fed: Record<string, tf.Scalar>): Tensors
  /** The most that the norms of updates can be with the decay, from the most without, and the norms of the weights. */
  addToBound(bound: tf.Tensor, weights: tf.Tensor, fed: Record<string, tf.Scalar>): tf.Tensor
}

/** The decay of an optimizer; one without costs nothing. */
export function decayOf({ decay }: Optimizer, about: ParameterTable): Decay {
  if (decay === 0)
    return {
      scalars: () => ({}),
      shrinks: () => false,
      addTo: (updates) => updates,
      addToBound: (bound) => bound
    }
  const kernels = new Set(about.filter(isWeight).map(({ name }) => name))
  return {
    scalars: (clock, current) => ({ shrinkage: rateAt(current.rate, clock) * current.decay }),
    shrinks: (tensor) => kernels.has(tensor),
    addTo: (updates, parameters, { shrinkage }) =>
      mapTensors(updates, (update, name) =>
        kernels.has(name) ? tf.sub(update, tf.mul(parameters[name], shrinkage)) : update
      ),
    addToBound: (bound, weights, { shrinkage }) => tf.add(bound, tf.mul(weights, shrinkage))
  }
}
