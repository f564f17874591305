import type { DatasetSummary } from '#contract/dataset'
import type { Experiment } from '#contract/experiment'
import { openBatches, type TrainingBatch } from './batches'
import { epochOrder, partOf, type StoredPart } from './parts'

/** Which batch: so many samples from a place in the order of an epoch, for a step; all but `size` count from 0. */
export interface BatchPlace {
  epoch: number
  offset: number
  /** Samples that are wanted; the end of an epoch has fewer. */
  size: number
  step: number
}

/** Everything that decides the batches of a run, as plain data. */
export interface FeedingTask {
  part: StoredPart
  experiment: Experiment
  summary: DatasetSummary
}

/** Makes the batch of a place, in arrays of its own. */
export type MakeBatch = (place: BatchPlace) => TrainingBatch

/**
 * Opens the batches of a run in their order. Nothing but the task and the place decides a batch, so that every thread
 * makes the same.
 * @throws Failure `data.*` for what does not fit the data
 */
export function openFeeding({ part, experiment, summary }: FeedingTask): MakeBatch {
  const training = partOf(part)
  const batches = openBatches(training, experiment, summary)
  let order: Uint32Array = new Uint32Array(0)
  let orderedEpoch = -1
  return ({ epoch, offset, size, step }) => {
    if (epoch !== orderedEpoch) order = epochOrder(training.count, experiment.seed, epoch)
    orderedEpoch = epoch
    return batches(order.slice(offset, offset + size), epoch, step)
  }
}

/** The place behind a batch of an epoch of so many samples. */
export const placeAfter = ({ epoch, offset, size, step }: BatchPlace, samples: number): BatchPlace =>
  offset + size < samples
    ? { epoch, offset: offset + size, size, step: step + 1 }
    : { epoch: epoch + 1, offset: 0, size, step: step + 1 }

/** The part of a port between threads that is used here. */
interface BatchPort {
  on(event: 'message', listener: (place: BatchPlace) => void): unknown
  postMessage(batch: TrainingBatch, transferred: ArrayBuffer[]): void
}

/** Answers each place that comes in with its batch, in order; the memory of a batch goes with it. */
export function serveBatches(port: BatchPort, task: FeedingTask): void {
  const make = openFeeding(task)
  port.on('message', (place) => {
    const batch = make(place)
    const { features, targets, weights } = batch
    port.postMessage(
      batch,
      [features, targets, weights].flatMap((values) => (values ? [values.buffer as ArrayBuffer] : []))
    )
  })
}
