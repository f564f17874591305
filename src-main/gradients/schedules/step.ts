import { positionOf, type RateFunction } from './schedule'

/** A hair, by which a position that is a fraction may fall short of a whole stretch. */
const ROUNDING = 1e-9

/** rate·factor^⌊t/every⌋: falls at once after every stretch and stays between (`ExponentialDecay` of Keras in stairs). */
export const step: RateFunction<'step'> = (schedule, clock) => {
  const { rate, every, factor } = schedule
  return rate * factor ** Math.floor(positionOf(schedule, clock).begin / every + ROUNDING)
}
