import type { RateFunction } from './schedule'

/**
 * The rate as it is: where the watched score stands still, the end of an epoch makes it smaller in the experiment itself,
 * as a live change (`training/plateau`).
 */
export const plateau: RateFunction<'plateau'> = ({ rate }) => rate
