import type { ExaminedSample, ExaminedStep } from '#contract/replay'
import { rawTargets } from '../../datasets/preparation/apply'
import { epochOrder, take } from '../../datasets/parts'
import type { MeasuredNorm } from '../../gradients/guard'
import * as tf from '@tensorflow/tfjs-core'
import type { Attempting } from '../attempt'
import type { OpenedModel } from '../opened-model'
import type { BatchArrays } from '../step'

/** Gradients of so many samples are taken, those with the largest losses; together in a batch each costs a whole one. */
const MOST_GRADIENTS = { alone: 256, together: 64 }
/** Samples that are told of. */
const MOST_TOLD = 50

type Examining = Pick<Attempting, 'programs' | 'position' | 'model'> &
  Pick<OpenedModel, 'parts' | 'preparation' | 'classes'> & { seed: number }

/**
 * Looks at each sample of the batch of a step that comes, with the weights before it: what the model makes of it, its loss,
 * and the norm of its gradient. Where layers see the batch as a whole, as batch normalization does, the gradient is that
 * of its loss within the batch. Changes nothing. `between` is awaited after each sample.
 */
export async function examine(
  run: Examining,
  batch: BatchArrays,
  scalars: Record<string, number>,
  between: () => Promise<void>
): Promise<Omit<ExaminedStep, 'step' | 'reason'>> {
  const { parts, position: place, programs, model } = run
  const { count } = batch
  const order = epochOrder(parts.train.count, run.seed, place.epoch)
  const samples: (ExaminedSample & { row: number })[] = []
  for (let row = 0; row < count; row++) {
    const at = order[place.offset + row]
    // As the model takes it in the step; class weights and masks are left out.
    const { loss, outputs } = programs.evaluate({ ...rowOf(batch, row), weights: undefined }, true)
    const target = parts.train.gather(Uint32Array.of(at)).targets
    samples.push({
      row,
      sample: parts.train.indices[at],
      position: at,
      target: [...target],
      ...answerOf(run, outputs),
      loss
    })
    await between()
  }
  samples.sort((a, b) => rank(b.loss, a.loss))
  const seesBatch = model.state.length > 0
  const most = seesBatch ? MOST_GRADIENTS.together : MOST_GRADIENTS.alone
  for (const sample of samples.slice(0, most)) {
    const seen = seesBatch ? onlyCounting(batch, sample.row) : rowOf(batch, sample.row)
    const { gradients, norms } = programs.gradients(seen, scalars)
    tf.dispose(gradients)
    sample.gradient = joined(Object.values(norms))
    await between()
  }
  // What is wrong with one sample shows in all where they are taken together.
  const isTelling = !seesBatch || samples.some(({ gradient }) => Number.isFinite(gradient))
  if (!isTelling) for (const sample of samples) delete sample.gradient
  else samples.sort((a, b) => rank(b.gradient ?? -1, a.gradient ?? -1))
  const ranked = samples.map(({ gradient, loss }) => (isTelling ? gradient : loss))
  return {
    count,
    rankedBy: isTelling ? 'gradient' : 'loss',
    usual: median(ranked.filter((value) => value !== undefined)),
    samples: samples.slice(0, MOST_TOLD).map(({ sample, position, target, output, loss, gradient }) => ({
      sample,
      position,
      target,
      output,
      loss,
      ...(gradient !== undefined && { gradient })
    }))
  }
}

/** A batch of one of its rows. */
function rowOf({ count, features, targets, weights, seed }: BatchArrays, row: number): BatchArrays {
  const one = Uint32Array.of(row)
  return {
    count: 1,
    features: take(features, one, features.length / count),
    targets: take(targets, one, targets.length / count),
    ...(weights && { weights: weights.slice(row, row + 1) }),
    seed
  }
}

/** The batch with the loss of one of its rows alone. */
const onlyCounting = (batch: BatchArrays, row: number): BatchArrays => ({
  ...batch,
  weights: Float32Array.from({ length: batch.count }, (_, at) =>
    at === row ? batch.count * (batch.weights?.[row] ?? 1) : 0
  )
})

/** What the model answers: the number of a class, or numbers in raw units. */
function answerOf({ classes, preparation }: Examining, outputs: Float32Array): { output: number[] } {
  if (!classes) return { output: [...rawTargets(outputs, preparation.targets)] }
  const largest = Math.max(...outputs)
  return { output: [Number.isNaN(largest) ? NaN : outputs.indexOf(largest)] }
}

/** Norm over all tensors, in double precision. */
const joined = (norms: readonly MeasuredNorm[]): number =>
  Math.sqrt(
    norms.reduce((sum, { scale, rest }) => sum + (scale === Infinity ? Infinity : (scale * rest) ** 2), 0)
  )

/** Order of two numbers in which NaN, and then Inf, comes last. */
const rank = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a === b ? 0 : a - b

function median(values: readonly number[]): number {
  const sorted = values.toSorted(rank)
  return sorted.length === 0 ? NaN : sorted[Math.floor(sorted.length / 2)]
}
