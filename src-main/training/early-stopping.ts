import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Score, Scores } from '#contract/run'

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

/** Scores that are better when they are smaller. */
const SMALLER_IS_BETTER: readonly string[] = ['loss', 'mae']

/**
 * Checks that a run will have the score that the rule at a place of the experiment watches.
 * @throws Failure `training.noValidation`, `training.noAccuracy`, `training.noError`
 */
export function checkRule(
  path: string,
  { monitor }: Pick<Rule, 'monitor'>,
  { hasValidation, hasClasses }: { hasValidation: boolean; hasClasses: boolean }
): void {
  const [part, metric] = monitor.split('.')
  if (part === 'validation' && !hasValidation) throw new Failure('training.noValidation', { path, monitor })
  if (metric === 'accuracy' && !hasClasses) throw new Failure('training.noAccuracy', { path, monitor })
  if ((metric === 'mae' || metric === 'r2') && hasClasses)
    throw new Failure('training.noError', { path, monitor })
}

/**
 * Takes the scores of an epoch into account: better by more than `minDelta` counts from anew, anything else waits.
 * Loss and error are better when smaller, accuracy and R² when larger. A value that is not a number is never better.
 */
export function watch(
  before: EarlyStopping,
  rule: Pick<Rule, 'monitor' | 'minDelta'>,
  scores: Scores,
  step: number
): EarlyStopping {
  const [part, metric] = rule.monitor.split('.') as [keyof Scores, keyof Score]
  const value = scores[part]?.[metric]
  if (value === undefined || Number.isNaN(value)) return { ...before, waited: before.waited + 1 }
  const gain =
    before.best === undefined
      ? Infinity
      : SMALLER_IS_BETTER.includes(metric)
        ? before.best - value
        : value - before.best
  return gain > rule.minDelta
    ? { best: value, bestStep: step, waited: 0 }
    : { ...before, waited: before.waited + 1 }
}

/** Says whether the rule ends the run. */
export const isOver = (state: EarlyStopping, rule: Rule): boolean => state.waited >= rule.patience
