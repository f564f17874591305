import type { Experiment } from '#contract/experiment'
import type { Chain } from '../gradients/chain'
import { sameSizes, wholeBatch } from './evaluate'
import { measuresLayers, samplesMeasured } from './measuring'
import { startPosition, stepsPerEpoch, type Goal } from './position'
import type { Expected } from './programs'
import type { OpenedModel } from './opened-model'
import { clockAt, scalarsAt } from './step-inputs'

/**
 * The programs that a run needs besides the step on a whole batch: the measurement of the layers, the step on what an
 * epoch has left at its end, and the evaluation of each part that is scored. The batches are of the right size and kind;
 * their numbers do not count.
 */
export function expectedPrograms(
  { parts, makeBatch, model }: OpenedModel,
  chain: Chain,
  experiment: Experiment,
  goal: Goal
): Expected[] {
  const {
    training: { batchSize },
    telemetry
  } = experiment
  const steps = stepsPerEpoch(parts.train.count, batchSize)
  const left = parts.train.count % batchSize
  const scalars = scalarsAt(
    { chain, model },
    experiment,
    clockAt(startPosition(), parts.train.count, batchSize)
  )
  const ofSize = (kind: Expected['kind'], size: number): Expected => {
    const place = { epoch: 0, offset: 0, size, step: 0 }
    return { kind, batch: { ...makeBatch(place), seed: [0, 0] }, scalars }
  }
  const expected: Expected[] = []
  if (measuresLayers(telemetry) && parts.train.count >= batchSize) {
    const whole = ofSize('measure', batchSize)
    expected.push({ ...whole, batch: samplesMeasured(whole.batch) })
  }
  if (left > 0 && (goal.steps === undefined || goal.steps >= steps)) expected.push(ofSize('train', left))
  for (const part of [parts.validation, parts.test, parts.train]) {
    if (!part || part.count === 0) continue
    const { size, isOneOfMany } = sameSizes(part.count)
    if (isOneOfMany) expected.push({ kind: 'evaluate', batch: wholeBatch(part, 0, size) })
  }
  return expected
}
