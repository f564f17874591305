import * as tf from '@tensorflow/tfjs-core'
import type { Loss } from '#contract/vocabulary'
import { accuracyOf } from '../accuracy'
import type { LossFunction, MeanOverBatch } from './loss'
import { meanSquaredError } from './mean-squared-error'
import { softmaxCrossEntropy } from './softmax-cross-entropy'

export type { LossFunction, MeanOverBatch } from './loss'

const losses = { softmaxCrossEntropy, meanSquaredError } satisfies Record<Loss['use'], MeanOverBatch>

/** The loss of an experiment, its weight applied, and the accuracy where the targets of the data are classes. */
export function lossOf({ use, weight }: Loss, targetsAreClasses: boolean): LossFunction {
  const plain: MeanOverBatch = losses[use]
  const compute: MeanOverBatch =
    weight === 1 ? plain : (outputs, targets) => tf.mul(plain(outputs, targets), weight)
  return targetsAreClasses ? { compute, accuracy: accuracyOf } : { compute }
}
