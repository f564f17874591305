import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Part } from '../datasets/parts'
import type { Model } from '../models/build'
import type { Tensors } from '../models/layer'
import type { Unit } from '../models/plan'
import { isOnLogits, type LossFunction } from '../models/losses'
import type { Score } from '#contract/run'
import type { Loss } from '#contract/vocabulary'
import { tensorsOf, type Feed, type TrainState } from './step'

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

/** A state's tensors that a forward pass reads. */
export type Weights = Pick<TrainState, 'parameters' | 'layerState'>

/**
 * Outputs of the model itself, before what the loss does to them, for prepared features; shape [samples, outputs]. `see` is
 * shown what each unit gives.
 */
export function applyModel(
  model: Model,
  { parameters, layerState }: Weights,
  features: Tensor,
  see?: (unit: Unit, output: Tensor) => void
): Tensor {
  return model.apply(features, parameters, layerState, {}, { training: false }, see).outputs
}

/**
 * Outputs, [samples, outputs], as a person reads them: probabilities where the loss makes them of the outputs. Where
 * one output stands for two classes there is a column for each: a logit stands against 0, any other value is the
 * share of the second class.
 */
export function readable(outputs: Tensor, loss: Loss, classes: number | undefined): Tensor {
  const size = outputs.shape[1] as number
  if (columnsOf(size, classes) === size) return squash(outputs, loss)
  const second = isOnLogits(loss) ? tf.sigmoid(outputs) : outputs
  return tf.concat([tf.sub(1, second), second], 1)
}

/** How many numbers `readable` makes of a model's outputs. */
export const columnsOf = (outputs: number, classes: number | undefined): number =>
  outputs === 1 && classes === 2 ? 2 : outputs

function squash(outputs: Tensor, { use }: Loss): Tensor {
  if (use === 'softmaxCrossEntropy') return tf.softmax(outputs)
  return use === 'binaryCrossEntropy' ? tf.sigmoid(outputs) : outputs
}

/**
 * Does something on a copy of the weights as they are now, so that steps in between change nothing for it. The copy
 * is made at once and goes when the work has settled.
 */
export async function onCopy<Result>(
  { parameters, layerState }: Weights,
  work: (copy: TrainState) => Promise<Result>
): Promise<Result> {
  const copyOf = (tensors: Tensors): Tensors =>
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.clone(tensor)]))
  const copy = { parameters: copyOf(parameters), layerState: copyOf(layerState), chainState: {} }
  try {
    return await work(copy)
  } finally {
    tf.dispose(tensorsOf(copy))
  }
}
