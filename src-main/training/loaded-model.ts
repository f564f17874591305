import type { Experiment } from '#contract/experiment'
import type { OpenedModel } from './opened-model'
import type { Session } from './session'
import type { TrainState } from './step'

/** A run's model with its weights as they are at a step: what a question about it needs. */
export interface LoadedModel extends OpenedModel {
  /** Folder of the run. */
  folder: string
  experiment: Experiment
  /** Belongs to whoever loaded it, and may go as soon as others get to work: take a copy for longer. */
  state: TrainState
  /** Steps that led to these weights. */
  step: number
}

/** The model of an open session as it is between two steps. */
export const modelOf = (
  opened: OpenedModel,
  { folder, current, programs, position }: Session
): LoadedModel => ({
  ...opened,
  folder,
  experiment: current,
  state: programs.state,
  step: position.step
})
