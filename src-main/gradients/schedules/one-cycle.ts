import type { Schedule } from '#contract/vocabulary'
import type { Clock } from '../transform'
import { positionOf, type RateFunction } from './schedule'

type OneCycle = Extract<Schedule, { use: 'oneCycle' }>

/**
 * Rises along half a cosine from rate/startDivisor to the rate, in the share `rise` of its length, then falls along
 * another to rate/finalDivisor, where it stays (Smith and Topin, 2019, in the form of fastai).
 */
export const oneCycle: RateFunction<'oneCycle'> = (schedule, clock) => {
  const { rate, startDivisor, finalDivisor } = schedule
  return along(schedule, clock, [rate / startDivisor, rate, rate / finalDivisor])
}

/** The momentum that goes with it, the other way round: from `highMomentum` to `lowMomentum` and back, as in fastai. */
export const cycledMomentum = (schedule: OneCycle, clock: Clock): number => {
  const { highMomentum, lowMomentum } = schedule
  return along(schedule, clock, [highMomentum, lowMomentum, highMomentum])
}

/** The value of a step on the way from a first value to one at the top of the cycle and to a last one. */
function along(
  schedule: OneCycle,
  clock: Clock,
  [first, top, last]: readonly [first: number, top: number, last: number]
): number {
  const { over, rise } = schedule
  const progress = positionOf(schedule, clock).begin / over
  if (progress >= 1) return last
  if (progress < rise) return between(first, top, progress / rise)
  return between(top, last, (progress - rise) / (1 - rise))
}

/** From one value to another along half a cosine, for a share from 0 to 1. */
const between = (start: number, end: number, share: number): number =>
  start + ((end - start) * (1 - Math.cos(Math.PI * share))) / 2
