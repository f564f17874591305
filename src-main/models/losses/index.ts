import * as tf from '@tensorflow/tfjs-core'
import type { Loss, LossOf } from '#contract/vocabulary'
import { accuracyOf } from '../accuracy'
import { binaryCrossEntropy } from './binary-cross-entropy'
import { categoricalCrossEntropy } from './categorical-cross-entropy'
import { huber } from './huber'
import type { LossFunction, SampleLoss } from './loss'
import { meanAbsoluteError } from './mean-absolute-error'
import { meanSquaredError } from './mean-squared-error'
import { softmaxCrossEntropy } from './softmax-cross-entropy'
import { wantedOf } from './wanted'

export type { LossFunction } from './loss'

const losses: { [Use in Loss['use']]: (options: LossOf<Use>) => SampleLoss } = {
  softmaxCrossEntropy,
  binaryCrossEntropy,
  categoricalCrossEntropy,
  meanSquaredError,
  meanAbsoluteError,
  huber
}

/** The loss of an experiment, its weight applied, and the accuracy where the targets of the data are classes. */
export function lossOf(loss: Loss, targetsAreClasses: boolean): LossFunction {
  // A loss goes only to the row of its own word.
  const lossOfEach = (losses[loss.use] as (options: Loss) => SampleLoss)(loss)
  const threshold = isOnLogits(loss) ? 0 : 0.5
  return {
    compute(outputs, targets, sampleWeights) {
      const each = lossOfEach(outputs, wantedOf(outputs, targets))
      const mean = tf.mean<tf.Scalar>(sampleWeights ? tf.mul(each, sampleWeights) : each)
      return loss.weight === 1 ? mean : tf.mul(mean, loss.weight)
    },
    threshold,
    ...(targetsAreClasses && {
      accuracy: (outputs: tf.Tensor, targets: tf.Tensor) => accuracyOf(outputs, targets, threshold)
    })
  }
}

/** Says whether a loss makes probabilities of the outputs by itself. */
export const isOnLogits = ({ use }: Loss): boolean =>
  use === 'softmaxCrossEntropy' || use === 'binaryCrossEntropy'
