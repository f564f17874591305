import type { Experiment } from '#contract/experiment'
import type { Scores } from '#contract/run'

/** The best value so far and how long ago it was. */
export interface EarlyStopping {
  /** Best value of what is monitored; absent before the first epoch. */
  best?: number
  /** Step of the checkpoint with the best value. */
  bestStep?: number
  /** Epochs since then. */
  waited: number
}

type Rule = NonNullable<Experiment['training']['stopEarly']>

/**
 * Takes the scores of an epoch into account: better by more than `minDelta` counts from anew, anything else waits.
 * Loss is better when smaller, accuracy when larger. A value that is not a number is never better.
 */
export function watch(before: EarlyStopping, rule: Rule, scores: Scores, step: number): EarlyStopping {
  const [part, metric] = rule.monitor.split('.') as [keyof Scores, 'loss' | 'accuracy']
  const value = scores[part]?.[metric]
  if (value === undefined || Number.isNaN(value)) return { ...before, waited: before.waited + 1 }
  const gain =
    before.best === undefined ? Infinity : metric === 'loss' ? before.best - value : value - before.best
  return gain > rule.minDelta
    ? { best: value, bestStep: step, waited: 0 }
    : { ...before, waited: before.waited + 1 }
}

/** Says whether the rule ends the run. */
export const isOver = (state: EarlyStopping, rule: Rule): boolean => state.waited >= rule.patience
