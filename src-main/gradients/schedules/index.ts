import type { Schedule } from '#contract/vocabulary'
import type { Clock } from '../transform'
import { constant } from './constant'
import { cosine } from './cosine'
import { exponential } from './exponential'
import { cycledMomentum, oneCycle } from './one-cycle'
import { plateau } from './plateau'
import type { RateFunction } from './schedule'
import { step } from './step'
import { warmup } from './warmup'

const schedules = { constant, warmup, step, exponential, cosine, oneCycle, plateau } satisfies {
  [Use in Schedule['use']]: RateFunction<Use>
}

/** The learning rate of the step that begins at `clock`; a plain number is the same at every step. */
export function rateAt(rate: number | Schedule, clock: Clock): number {
  const { rateFactor = 1 } = clock
  if (typeof rate === 'number') return rateFactor * rate
  // A schedule goes only to the row of its own word.
  const rateOf = schedules[rate.use] as (schedule: Schedule, clock: Clock) => number
  return rateFactor * rateOf(rate, clock)
}

/** The momentum, or beta1, of the step that begins at `clock`: an optimizer's own, unless its schedule has one. */
export const momentumAt = (own: number, rate: number | Schedule, clock: Clock): number =>
  typeof rate !== 'number' && rate.use === 'oneCycle' && rate.cycleMomentum
    ? cycledMomentum(rate, clock)
    : own
