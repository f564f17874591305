import { positionOf, type RateFunction } from './schedule'

/**
 * rate·min(1, t/over), with t counted at the end of the step, so that the first step is not wasted on a rate of zero
 * (linear warm-up as in Ma and Yarats, 2021).
 */
export const warmup: RateFunction<'warmup'> = (schedule, clock) =>
  schedule.rate * Math.min(1, positionOf(schedule, clock).end / schedule.over)
