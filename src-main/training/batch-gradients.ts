import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { MeasuredNorm } from '../gradients/guard'
import { NUMBERS_PER_NORM } from '../health/measure'
import type { Tensors } from '../models/layer'

/** Loss and raw gradients of a batch. */
export interface BatchGradients {
  loss: number
  /** By `<layer>/<role>`; they belong to the caller, or to a tidy around it. */
  gradients: Tensors
  /** Their norms under the same names. */
  norms: Record<string, MeasuredNorm>
}

/** Reads what the program for gradients gave: the loss, the norms, and the gradients in the order of these names. */
export function batchGradientsOf(names: readonly string[], outputs: readonly Tensor[]): BatchGradients {
  const [loss, norms, ...gradients] = outputs
  const numbers = norms.dataSync()
  const result = {
    loss: loss.dataSync()[0],
    gradients: Object.fromEntries(names.map((name, index) => [name, gradients[index]])),
    norms: Object.fromEntries(
      names.map((name, index) => {
        const [scale, rest] = numbers.subarray(index * NUMBERS_PER_NORM)
        return [name, { scale, rest }]
      })
    )
  }
  tf.dispose([loss, norms])
  return result
}
