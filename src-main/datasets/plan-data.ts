import type { Experiment } from '#contract/experiment'
import type { DataPlan } from '#contract/look'
import { openBatches } from './batches'
import { classCountsOf, classWeightsOf } from './class-weights'
import { openParts, type Part } from './parts'
import { fitPreparation } from './preparation'
import type { PreparedHandle } from './prepared'

/**
 * What a run of an experiment would train on: everything that a run does with its data before the first step.
 * @throws Failure `data.*` for steps that do not fit the data
 */
export function planData(handle: PreparedHandle, experiment: Experiment): DataPlan {
  const { summary } = handle
  const { classes } = summary
  const opened = openParts(handle, experiment)
  const { train, validation, test } = opened.parts
  const preparation = fitPreparation(experiment, summary, opened)
  openBatches(train, experiment, summary)
  const classWeights = classWeightsOf(experiment.data.classWeights, summary, train)
  const countClasses = (part: Part | undefined): number[] =>
    part && classes ? classCountsOf(part, classes.length) : []
  return {
    samples: { train: train.count, validation: validation?.count ?? 0, test: test.count },
    ...(classes && {
      classCounts: {
        train: countClasses(train),
        validation: countClasses(validation),
        test: countClasses(test)
      }
    }),
    ...(classWeights && { classWeights }),
    cleaned: preparation.cleaned,
    preparation
  }
}
