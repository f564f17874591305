import { positionOf, type RateFunction } from './schedule'

/** rate·factor^(t/over): the same share is lost in every stretch of time (`ExponentialDecay` of Keras). */
export const exponential: RateFunction<'exponential'> = (schedule, clock) => {
  const { rate, factor, over } = schedule
  return rate * factor ** (positionOf(schedule, clock).begin / over)
}
