import { optimizerOf, type Experiment } from '#contract/experiment'
import type { Schedule } from '#contract/vocabulary'
import { watch } from './early-stopping'
import type { Session } from './session'

type PlateauRule = Extract<Schedule, { use: 'plateau' }>

/** The plateau schedule of an experiment's rate, if it has one, and its place. */
export function plateauOf(experiment: Experiment): { rule: PlateauRule; path: string } | undefined {
  const { index, optimizer } = optimizerOf(experiment)
  const { rate } = optimizer
  return typeof rate === 'object' && rate.use === 'plateau'
    ? { rule: rate, path: `gradients.${index}.rate` }
    : undefined
}

/**
 * Makes the rate smaller where its score has stood still for the epochs of its patience, as `ReduceLROnPlateau` of Keras:
 * rate·factor, `minRate` at least. It is a live change of the experiment, in the log and in force from the next step, so
 * that a run that goes on has it as one that was never interrupted. An epoch without the score says nothing.
 */
export function watchPlateau(session: Session): void {
  const { position, current, scores, repeated } = session
  const found = plateauOf(current)
  if (!found) return
  const { rule, path } = found
  if (!scores[rule.monitor.split('.')[0] as keyof typeof scores]) return
  position.plateau = watch(position.plateau ?? { waited: 0 }, rule, scores, position.step)
  if (position.plateau.waited < rule.patience) return
  position.plateau = { ...position.plateau, waited: 0 }
  const rate = Math.max(rule.minRate, rule.rate * rule.factor)
  const step = position.step + 1
  // An earlier sitting may have come to the same decision, and broken off before its checkpoint.
  const isKnown = repeated.some((change) => change.step === step && change.path === path)
  if (rate >= rule.rate || isKnown) return
  const change = { type: 'changed', time: Date.now(), step, path, from: rule, to: { ...rule, rate } } as const
  session.log.event(change)
  repeated.unshift(change)
}
