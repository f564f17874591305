import type { Experiment } from '#contract/experiment'
import type { Finding } from '#contract/health'
import { isMeasured } from '#contract/measures'
import { openDiagnosis } from '../health/diagnose'
import { subjectOf } from '../health/subject'
import { factsOf } from './data-facts'
import { measuredLayersOf } from './measure-program'
import { isAccepted, layOutRows } from './measurements'
import { measuredRow, samplesMeasured } from './measuring'
import type { OpenedModel } from './opened-model'
import { clockAt, scalarsAt, seedAt } from './step-inputs'
import { openTrial } from './trial'

/** Steps that are tried: enough for what vanishes, dies or explodes at once, and few enough to wait for. */
const STEPS = 30
/** They are measured as in a run of this telemetry, whatever the experiment keeps. */
const MEASURED_AS = 'normal'

/**
 * What is to be seen before training: the structure, and what the first steps would do, tried on weights that are thrown
 * away. They are the steps that a run would begin with.
 * @throws Failure `training.weights*`, `storage.*` for weights that cannot be used
 */
export async function lookBefore(
  experiment: Experiment,
  opened: OpenedModel,
  weights: string | undefined
): Promise<Finding[]> {
  const { model, parts, preparation, makeBatch, classes } = opened
  const { batchSize } = experiment.training
  const facts = factsOf(parts.train, preparation, classes)
  const seen = { layers: model.layers, measured: measuredLayersOf(model) }
  const diagnosis = openDiagnosis(subjectOf(experiment, model.summary, seen, facts))
  diagnosis.begin()

  const { chain, programs } = await openTrial(experiment, opened, weights, { mayCompile: false })
  const samples = parts.train.count
  const writeRow = layOutRows(model.layers, model.parameters)
  let updates = 0
  try {
    for (let index = 0; index < STEPS && index * batchSize < samples; index++) {
      const offset = index * batchSize
      const clock = clockAt({ step: index, updates, epoch: 0, offset }, samples, batchSize)
      const scalars = scalarsAt({ chain, model }, experiment, clock)
      const made = makeBatch({ epoch: 0, offset, size: batchSize, step: index })
      const batch = { ...made, seed: seedAt(experiment, index) }
      const step = index + 1
      const measured = isMeasured(MEASURED_AS, step)
        ? measuredRow(step, programs.measure(samplesMeasured(batch), scalars))
        : undefined
      const packed = programs.train(batch, scalars)
      const refused = !isAccepted(packed)
      const rate = chain.rate(clock, experiment.gradients)
      diagnosis.look(writeRow(packed, { epoch: clock.epoch, rate, refused }), step, measured)
      if (refused) break
      updates++
    }
  } finally {
    programs.dispose()
  }
  return [...diagnosis.findings]
}
