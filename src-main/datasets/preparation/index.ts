import type { DatasetSummary } from '#contract/dataset'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Preparation } from '#contract/vocabulary'
import { scale, type Affine } from './scale'

/** What each preparation does to a value, by its word. */
const preparations = { scale } satisfies Record<Preparation['use'], (options: Preparation) => Affine>

/** What is done to raw features and to numeric targets before the model sees them. */
export interface Prepared {
  features: Affine
  targets: Affine
}

/**
 * All preparations of an experiment, one after the other, as one multiplication and one addition for the graph.
 * @throws Failure `data.classesNotPrepared` when targets that are classes would be changed.
 */
export function preparationOf(experiment: Experiment, { classes }: DatasetSummary): Prepared {
  const prepared: Prepared = { features: { multiply: 1, add: 0 }, targets: { multiply: 1, add: 0 } }
  experiment.data.prepare.forEach((step, index) => {
    if (step.on === 'targets' && classes)
      throw new Failure('data.classesNotPrepared', { path: `data.prepare.${index}`, word: step.use })
    const { multiply, add } = preparations[step.use](step)
    const before = prepared[step.on]
    prepared[step.on] = { multiply: before.multiply * multiply, add: before.add * multiply + add }
  })
  return prepared
}
