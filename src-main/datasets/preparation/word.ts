import type { Operation } from '#contract/preparation'
import type { Preparation, PreparationOf } from '#contract/vocabulary'
import type { Layout } from './layout'
import type { TrainingView } from './training-view'

/** Where a step of `data.prepare` or `data.clean` stands. */
export interface StepPlace extends Layout {
  /** Place in the experiment, such as `data.prepare.0`. */
  path: string
  /** The training part as it is here. */
  training: TrainingView
}

/**
 * What a word of `data.prepare` does with samples of a layout, as operations of the plan.
 * @throws Failure `data.*` where the samples are of another kind
 */
export type PreparationWord<Use extends Preparation['use']> = (
  options: PreparationOf<Use>,
  place: StepPlace
) => Operation[]
