import { setImmediate as nextTurn } from 'node:timers/promises'
import { Failure } from '#contract/failure'
import type { Answers, Deviations } from '#contract/look'
import type { Report } from '#contract/work'
import { rawTargets } from '../datasets/preparation/apply'
import { applyModel, onCopy } from './evaluate'
import type { LoadedModel } from './loaded-model'
import { readOut } from './read-out'
import type { TrainState } from './step'
import { tallyNumbers } from './tally'

/** Samples in one forward pass: few, because steps and other questions wait for it. */
const BATCH = 250
/** True and predicted numbers in an answer: with their positions they keep within a message. */
const MOST_NUMBERS = 2_000
const LARGEST_ERRORS = 100

/**
 * How a model that predicts numbers does on the test part, with the weights as they are when it is asked; a run at work
 * goes on between the batches.
 * @throws Failure `training.noNumbers` for a model that tells classes apart
 */
export async function deviationsOf(
  loaded: LoadedModel,
  report: Report = () => undefined
): Promise<Deviations> {
  const { classes, folder, parts, preparation, step, state } = loaded
  if (classes) throw new Failure('training.noNumbers', { path: folder })
  const { test } = parts
  const actual = test.allTargets()
  const size = actual.length / test.count
  const predicted = await onCopy(state, (weights) => predictAll(loaded, weights, size, report))
  const tally = tallyNumbers(preparation.targets)
  // The loss is in the units of training; it is no part of the answer.
  tally.add(test.count, NaN, predicted, actual)
  const { mae, r2 } = tally.score()
  const told = rawTargets(predicted, preparation.targets)

  const answersAt = (places: readonly number[]): Answers => {
    const rows = (values: ArrayLike<number>): Float32Array<ArrayBuffer> =>
      Float32Array.from({ length: places.length * size }, (_, i) => {
        return values[places[Math.floor(i / size)] * size + (i % size)]
      })
    return {
      samples: places.map((place) => test.indices[place]),
      actual: rows(actual),
      predicted: rows(told)
    }
  }
  return {
    step,
    part: test.from,
    count: test.count,
    size,
    ...(mae !== undefined && { mae }),
    ...(r2 !== undefined && { r2 }),
    points: answersAt(evenly(test.count, Math.max(1, Math.floor(MOST_NUMBERS / size)))),
    largest: answersAt(
      byError(actual, told, size).slice(
        0,
        Math.max(1, Math.min(LARGEST_ERRORS, Math.floor(MOST_NUMBERS / size)))
      )
    )
  }
}

/** Outputs for the whole test part, in the units of prepared targets; rows of `size` numbers. */
async function predictAll(
  { model, feedSamples, parts: { test } }: LoadedModel,
  weights: TrainState,
  size: number,
  report: Report
): Promise<Float32Array> {
  const outputs = new Float32Array(test.count * size)
  for (let start = 0; start < test.count; start += BATCH) {
    report(
      { key: 'training.progress.samples', values: { done: start, count: test.count } },
      start / test.count
    )
    const count = Math.min(BATCH, test.count - start)
    const { features } = test.gather(Uint32Array.from({ length: count }, (_, i) => start + i))
    const own = readOut(() => applyModel(model, weights, feedSamples(count, features)).dataSync())
    outputs.set(own, start * size)
    await nextTurn()
  }
  return outputs
}

/** Places 0 … count−1, or `most` of them at equal distances. */
const evenly = (count: number, most: number): number[] =>
  Array.from({ length: Math.min(count, most) }, (_, place) =>
    count <= most ? place : Math.floor((place * count) / most)
  )

/**
 * Places of the samples, that with the largest error first. Numbers of a target may have different units: each error
 * counts in mean absolute errors of its number. What is no number at all is the largest error there is.
 */
function byError(actual: ArrayLike<number>, predicted: Float32Array, size: number): number[] {
  const errors = predicted.map((value, i) => Math.abs(value - actual[i]))
  const usual = Array.from({ length: size }, (_, column) => {
    let [sum, count] = [0, 0]
    for (let i = column; i < errors.length; i += size)
      if (Number.isFinite(errors[i])) {
        sum += errors[i]
        count++
      }
    return sum / count || 1
  })
  const totals = Float64Array.from({ length: errors.length / size }, (_, place) => {
    let sum = 0
    for (let column = 0; column < size; column++) sum += errors[place * size + column] / usual[column]
    return Number.isNaN(sum) ? Infinity : sum
  })
  const places = Array.from(totals, (_, place) => place)
  return places.sort((a, b) => (totals[a] === totals[b] ? a - b : totals[b] > totals[a] ? 1 : -1))
}
