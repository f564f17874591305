import type { RefusedStep } from '#contract/refusal'
import type { EarlyStopping } from './early-stopping'

/**
 * Where a run stands. `step` counts attempts and drives data order and masks; `updates` counts the applied ones and
 * drives bias corrections. The cursor counts samples, so that a new batch size goes on from the same place.
 */
export interface Position {
  step: number
  updates: number
  /** Whole passes over the training part that are behind. */
  epoch: number
  /** Samples of the running pass that are behind. */
  offset: number
  /** Time spent so far, evaluations included. */
  seconds: number
  /** Part of it that measuring the layers took. */
  measuringSeconds: number
  /** Sums over the samples of the running pass, for its mean loss and accuracy or error. */
  running: Running
  /** Attempts that the guard refused, and how many of the last ones it did without one between them that it let be. */
  refused: number
  refusedInARow: number
  /** The first refused one; absent while there is none. */
  firstRefused?: RefusedStep
  /** Times that the run went back to an earlier state. */
  rollbacks: number
  /** What they left of the learning rate, until it is set anew. */
  rateFactor: number
  /** What the plateau schedule of the rate remembers; absent without one. */
  plateau?: EarlyStopping
}

/** Sums over some samples that were trained on. */
export interface Running {
  loss: number
  /** Rightly classified ones; NaN where targets are numbers. */
  right: number
  /** Of absolute errors; NaN where targets are classes. */
  error: number
  samples: number
}

/** Sums before the first sample. */
export const startRunning = (): Running => ({ loss: 0, right: 0, error: 0, samples: 0 })

export const startPosition = (): Position => ({
  step: 0,
  updates: 0,
  epoch: 0,
  offset: 0,
  seconds: 0,
  measuringSeconds: 0,
  running: startRunning(),
  refused: 0,
  refusedInARow: 0,
  rollbacks: 0,
  rateFactor: 1
})

/** Puts a position behind the end of the running pass. */
export function closeEpoch(position: Position): void {
  position.epoch++
  position.offset = 0
  position.running = startRunning()
}

/** How long a run goes on: to the end of a number of passes, or for a number of attempts. */
export interface Goal {
  epochs?: number
  steps?: number
}

/** Attempts that one pass takes at this batch size; the last batch may be smaller. */
export const stepsPerEpoch = (samples: number, batchSize: number): number => Math.ceil(samples / batchSize)

/** Attempts of the whole run, if the batch size stays. */
export const stepsOf = (goal: Goal, position: Position, samples: number, batchSize: number): number =>
  goal.steps ??
  position.step +
    Math.max(
      0,
      ((goal.epochs ?? 0) - position.epoch) * stepsPerEpoch(samples, batchSize) -
        Math.floor(position.offset / batchSize)
    )

/** Says whether the goal is reached. */
export const isReached = (goal: Goal, { step, epoch }: Position): boolean =>
  goal.steps !== undefined ? step >= goal.steps : epoch >= (goal.epochs ?? 0)
