import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Part } from '../datasets/parts'
import type { Model } from '../models/build'
import type { Unit } from '../models/plan'
import { isOnLogits, type LossFunction } from '../models/losses'
import type { Loss } from '#contract/vocabulary'
import type { TargetValues } from '../datasets/reader'
import type { PreparationPlan } from '#contract/preparation'
import type { Programs } from './programs'
import { copyOf, tensorsOf, type BatchArrays, type TrainState } from './step'
import { tallyClasses, tallyNumbers, type Tally } from './tally'

/** Samples in one forward pass: large enough for speed, small enough for the memory of every engine. */
const EVALUATION_BATCH = 500

/**
 * How good the model is over a part of the data with the weights that `programs` have, every sample as heavy as any other.
 * `between` is awaited after each batch, with the samples scored so far; what it throws ends the evaluation.
 */
export async function evaluate(
  { preparation, classes }: { preparation: PreparationPlan; classes?: readonly string[] },
  programs: Pick<Programs, 'evaluate'>,
  part: Part,
  between: (done: number) => Promise<void>
): Promise<Tally> {
  const tally = classes ? tallyClasses(classes) : tallyNumbers(preparation.targets)
  const { size, isOneOfMany } = sameSizes(part.count)
  for (let start = 0; start < part.count; start += size) {
    const count = Math.min(size, part.count - start)
    const batch = wholeBatch(part, start, size)
    const { loss, outputs } = programs.evaluate(batch, isOneOfMany)
    const own = <Rows extends Float32Array | TargetValues>(rows: Rows): Rows =>
      rows.subarray(0, (rows.length / size) * count) as Rows
    tally.add(count, (loss * size) / count, own(outputs), own(batch.targets))
    await between(start + count)
  }
  return tally
}

/** The size of the batches that so many samples are scored in: as even as they can be, so that they share a program. */
export function sameSizes(count: number): { size: number; isOneOfMany: boolean } {
  const batches = Math.ceil(count / EVALUATION_BATCH)
  return { size: Math.ceil(count / batches), isOneOfMany: batches > 1 }
}

/** So many samples of a part from `start` on; beyond its end, the batch is filled up with what weighs nothing. */
export function wholeBatch(part: Part, start: number, size: number): BatchArrays {
  const last = part.count - 1
  return {
    count: size,
    ...part.gather(Uint32Array.from({ length: size }, (_, row) => Math.min(start + row, last))),
    weights: Float32Array.from({ length: size }, (_, row) => (start + row <= last ? 1 : 0)),
    seed: [0, 0]
  }
}

/** Outputs with a column for each class, of which the largest is the one that is meant. */
export function decisive(outputs: Tensor, { threshold }: LossFunction, classes: number): Tensor {
  if (outputs.shape[1] === classes) return outputs
  return tf.concat([tf.fill(outputs.shape, threshold), outputs], 1)
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
  const copy = copyOf({ parameters, layerState, chainState: {} })
  try {
    return await work(copy)
  } finally {
    tf.dispose(tensorsOf(copy))
  }
}
