import type { Experiment } from '#contract/experiment'
import type { PreparationPlan } from '#contract/preparation'
import { openFeeding, type FeedingTask, type MakeBatch } from '../datasets/feeding'
import { openParts, type Parts } from '../datasets/parts'
import { openPrepared } from '../datasets/prepared'
import { fitPreparation } from '../datasets/preparation'
import { buildModel, checkOutput, type Model } from '../models/build'
import { lossOf, type LossFunction } from '../models/losses'
import { checkRule } from './early-stopping'
import { feedSamplesOf, type FeedSamples } from './feed'
import { plateauOf } from './plateau'
import { prepareTensors, type TensorPreparation } from './prepare-tensors'

/** A model together with the data it is for: what training and using a stored model both need. */
export interface OpenedModel {
  model: Model
  loss: LossFunction
  parts: Parts
  /** What decides the batches that the model is trained on, and what makes them. */
  feeding: FeedingTask
  makeBatch: MakeBatch
  prepare: TensorPreparation
  /** How raw samples become what the model takes, as it was fitted when the run began. */
  preparation: PreparationPlan
  /** Makes tensors of samples whose targets nobody needs. */
  feedSamples: FeedSamples
  classes?: string[]
}

/**
 * Reads a prepared dataset and plans the model for it; needs no engine yet. A new run's preparation is fitted here, a
 * stored run has its own.
 * @throws Failure `data.*` for damaged data and for steps that do not fit it, `model.*` for a model that cannot be built
 * or does not fit the data, `training.no*` for a score that cannot be watched
 */
export async function openModel(
  experiment: Experiment,
  dataset: string,
  stored?: PreparationPlan
): Promise<OpenedModel> {
  const prepared = await openPrepared(dataset, isAugmented(experiment))
  const { summary } = prepared
  const { classes } = summary
  const opened = openParts(prepared, experiment)
  const { parts } = opened
  const preparation = stored ?? fitPreparation(experiment, summary, opened)
  const model = buildModel(experiment.model.layers, preparation.shape)
  checkOutput(model, { classes: classes?.length, targetSize: summary.targetSize })
  const held = { hasValidation: parts.validation !== undefined, hasClasses: classes !== undefined }
  const { stopEarly } = experiment.training
  if (stopEarly) checkRule('training.stopEarly', stopEarly, held)
  const plateau = plateauOf(experiment)
  if (plateau) checkRule(plateau.path, plateau.rule, held)
  const feeding = { part: parts.train.stored, experiment, summary }
  return {
    model,
    loss: lossOf(experiment.loss, classes !== undefined),
    parts,
    feeding,
    makeBatch: openFeeding(feeding),
    prepare: prepareTensors(preparation),
    preparation,
    feedSamples: feedSamplesOf(preparation),
    classes
  }
}

/** Says whether samples are augmented: that alone takes longer than handing batches from thread to thread. */
export const isAugmented = ({ data }: Experiment): boolean => data.augment.length > 0
