import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Experiment } from '#contract/experiment'
import type { RatePoint, RateRange, RateTest } from '#contract/range'
import type { Report } from '#contract/work'
import { isOptimizer } from '#contract/vocabulary'
import { placeAfter, type MakeBatch } from '../datasets/feeding'
import type { Chain } from '../gradients/chain'
import type { Model } from '../models/build'
import { isAccepted, scoresIn } from './measurements'
import type { Programs } from './programs'
import type { OpenedModel } from './opened-model'
import { copyOf } from './step'
import { clockAt, scalarsAt, seedAt } from './step-inputs'
import { suggestRate } from './suggest-rate'
import { openTrial } from './trial'

/** Share of the losses so far in a smoothed one, as in fastai. */
const SMOOTHING = 0.98
/** The test ends when the smoothed loss is so many times its best, as in fastai. */
const MOST_TIMES_BEST = 4

/** What a range test trains, and on what. */
export interface RangeTask {
  experiment: Experiment
  model: Model
  chain: Chain
  makeBatch: MakeBatch
  /** Samples of the training part. */
  samples: number
}

/**
 * Tests an experiment at the weights that a run of it would begin with, which are thrown away.
 * @throws Failure `training.weights*`, `storage.*` for weights that cannot be used, `request.cancelled`
 */
export async function testRange(
  experiment: Experiment,
  opened: OpenedModel,
  weights: string | undefined,
  range: RateRange,
  report: Report
): Promise<RateTest & { compiled: boolean }> {
  const { model, makeBatch, parts } = opened
  const { chain, programs } = await openTrial(experiment, opened, weights)
  try {
    const task = { experiment, model, chain, makeBatch, samples: parts.train.count }
    const test = await sweepRates(programs, task, range, report)
    return { ...test, compiled: programs.isCompiled('train') }
  } finally {
    programs.dispose()
  }
}

/**
 * Learning-rate range test (Smith, 2017, in the form of fastai): trains on the batches of the training part in their
 * order with a rate that grows by the same factor at every step, and looks where the loss falls and where it explodes.
 * The rate is fed in the place of whatever the experiment has for it, a schedule too. Weights, layer state, slots and
 * what transforms keep are put back as they were, however it ends.
 */
export async function sweepRates(
  programs: Programs,
  { experiment, model, chain, makeBatch, samples }: RangeTask,
  { from, to, steps }: RateRange,
  report: Report
): Promise<RateTest> {
  const { batchSize } = experiment.training
  const before = copyOf(programs.state)
  const points: RatePoint[] = []
  let ended: RateTest['ended'] = 'completed'
  let [average, best] = [0, Infinity]
  let updates = 0
  let place = { epoch: 0, offset: 0, size: batchSize, step: 0 }
  try {
    for (let step = 0; step < steps; step++) {
      report({ key: 'training.progress.range', values: { done: step, count: steps } }, step / steps)
      const rate = from * (to / from) ** (step / (steps - 1))
      const gradients = experiment.gradients.map((each) => (isOptimizer(each) ? { ...each, rate } : each))
      const clock = clockAt({ ...place, updates }, samples, batchSize)
      const scalars = scalarsAt({ chain, model }, { ...experiment, gradients }, clock)
      const packed = programs.train({ ...makeBatch(place), seed: seedAt(experiment, step) }, scalars)

      const { loss } = scoresIn(packed)
      average = SMOOTHING * average + (1 - SMOOTHING) * loss
      const smoothed = average / (1 - SMOOTHING ** (step + 1))
      points.push({ rate, loss, smoothed })
      if (!isAccepted(packed)) {
        ended = 'refused'
        break
      }
      best = Math.min(best, smoothed)
      // The same for a loss whose sign is turned round: so far above the best as that is large.
      if (smoothed > best + (MOST_TIMES_BEST - 1) * Math.abs(best)) {
        ended = 'rose'
        break
      }
      updates++
      place = placeAfter(place, samples)
      await nextTurn()
    }
  } finally {
    programs.replace(before)
  }
  const suggestion = suggestRate(points)
  return { points, ended, ...(suggestion && { suggestion }) }
}
