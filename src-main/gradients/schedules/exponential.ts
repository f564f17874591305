import { positionOf, type RateFunction } from './schedule'

/** rate·factor^(t/every): the same share is lost in every stretch of time (`ExponentialDecay` of Keras). */
export const exponential: RateFunction<'exponential'> = (schedule, clock) => {
  const { rate, factor, every } = schedule
  return rate * factor ** (positionOf(schedule, clock).begin / every)
}
