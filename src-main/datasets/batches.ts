import type { DatasetSummary } from '#contract/dataset'
import type { Experiment } from '#contract/experiment'
import { augmentationOf, augmentBatch } from './augmentation'
import { classWeightsOf } from './class-weights'
import { changesFeatures, damageBatch } from './faults'
import type { Gathered, Part } from './parts'

/** A batch of training as plain values. */
export interface TrainingBatch extends Gathered {
  count: number
  /** Weight of each sample in the loss; absent where all weigh the same. */
  weights?: Float32Array
}

/** Makes the batches of a training part: the samples at these positions, in an epoch and for a step, both from 0. */
export type Batches = (positions: Uint32Array, epoch: number, step: number) => TrainingBatch

/**
 * Batches as an experiment wants them: augmented, weighted by class, damaged where it asks for damage. Nothing but the
 * arguments decides a batch. Where something may change features they are always float32, else as they are stored.
 * @throws Failure `data.*` for what does not fit the data
 */
export function openBatches(training: Part, { data, seed }: Experiment, summary: DatasetSummary): Batches {
  const augmentation = augmentationOf(data.augment, summary, seed)
  const classWeights = classWeightsOf(data.classWeights, summary, training)
  const isChanged = data.augment.length > 0 || changesFeatures(data.faults)
  return (positions, epoch, step) => {
    const gathered = training.gather(positions)
    const indices = positions.map((position) => training.indices[position])
    const batch = isChanged ? augmentBatch(augmentation, gathered, indices, epoch) : gathered
    damageBatch(data.faults, batch, step + 1)
    const count = positions.length
    return { count, ...batch, ...(classWeights && { weights: weigh(batch, count, classWeights) }) }
  }
}

/** The weight of each sample by its class; a mixed one has the weights of its classes in their shares. */
function weigh({ targets }: Gathered, count: number, classWeights: readonly number[]): Float32Array {
  if (targets instanceof Int32Array) return Float32Array.from(targets, (label) => classWeights[label])
  return Float32Array.from({ length: count }, (_, row) =>
    classWeights.reduce((sum, weight, label) => sum + weight * targets[row * classWeights.length + label], 0)
  )
}
