import type { RateFunction } from './schedule'

/** The same rate at every step. */
export const constant: RateFunction<'constant'> = ({ rate }) => rate
