import type { Operation } from '#contract/preparation'
import type { Cleaning, CleaningOf } from '#contract/vocabulary'
import type { StepPlace } from '../preparation/word'

/** A word of `data.clean` that changes values: an operation at the head of the plan, so that it stays with the model. */
export type Mend<Use extends Cleaning['use']> = (options: CleaningOf<Use>, place: StepPlace) => Operation

/** The words of `data.clean` that change values. */
export type Mending = Extract<Cleaning['use'], 'fillMissing' | 'clipOutliers'>

/** An operation of a plan with the cleaning that it comes from. */
export interface Mended {
  use: Mending
  operation: Operation
}
