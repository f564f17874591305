import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Part } from '../datasets/parts'
import type { Model } from '../models/build'
import type { LossFunction } from '../models/losses'
import type { Score } from '#contract/run'
import type { Feed, TrainState } from './step'

/** Samples in one forward pass: large enough for speed, small enough for the memory of every engine. */
const EVALUATION_BATCH = 500

/** What scoring needs of a run. */
export interface Scorer {
  model: Model
  loss: LossFunction
  feed: Feed
}

/**
 * Mean loss and, for classification, accuracy of the model over a part of the data, with dropout off.
 * `between` is awaited after each batch; what it throws ends the evaluation.
 */
export async function evaluate(
  { model, loss, feed }: Scorer,
  state: TrainState,
  part: Part,
  between: () => Promise<void>
): Promise<Score> {
  let lossSum = 0
  let right = 0
  for (let start = 0; start < part.count; start += EVALUATION_BATCH) {
    const count = Math.min(EVALUATION_BATCH, part.count - start)
    const positions = Uint32Array.from({ length: count }, (_, index) => start + index)
    const [batchLoss, batchAccuracy] = tf.tidy(() => {
      const { features, targets } = feed({ count, ...part.gather(positions), seed: [0, 0] })
      const outputs = applyModel(model, state, features)
      const accuracy = loss.accuracy?.(outputs, targets) ?? tf.scalar(NaN)
      return tf.stack([loss.compute(outputs, targets), accuracy]).dataSync()
    })
    lossSum += batchLoss * count
    right += batchAccuracy * count
    await between()
  }
  return { loss: lossSum / part.count, ...(loss.accuracy && { accuracy: right / part.count }) }
}

/** Outputs of the model, before any softmax of the loss, for prepared features; shape [samples, outputs]. */
export function applyModel(model: Model, state: TrainState, features: Tensor): Tensor {
  return model.apply(features, state.parameters, state.layerState, {}, { training: false }).outputs
}
