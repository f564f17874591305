import { positionOf, type RateFunction } from './schedule'

/**
 * Rises along half a cosine from rate/startDivisor to the rate, in the share `rise` of its length, then falls along
 * another to rate/finalDivisor, where it stays (Smith and Topin, 2019, in the form of fastai).
 */
export const oneCycle: RateFunction<'oneCycle'> = (schedule, clock) => {
  const { rate, over, rise, startDivisor, finalDivisor } = schedule
  const progress = positionOf(schedule, clock).begin / over
  if (progress >= 1) return rate / finalDivisor
  if (progress < rise) return between(rate / startDivisor, rate, progress / rise)
  return between(rate, rate / finalDivisor, (progress - rise) / (1 - rise))
}

/** From one value to another along half a cosine, for a share from 0 to 1. */
const between = (start: number, end: number, share: number): number =>
  start + ((end - start) * (1 - Math.cos(Math.PI * share))) / 2
