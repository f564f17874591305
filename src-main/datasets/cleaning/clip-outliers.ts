import type { Mend } from './mend'

/** Stands for no limit: a plan is kept as JSON, which has no Inf. */
const LARGEST_FLOAT32 = 3.4028234663852886e38

/**
 * Brings features that are more than so many standard deviations from the mean of their channel in the training part
 * back to there. Columns of categories stay as they are.
 */
export const clipOutliers: Mend<'clipOutliers'> = ({ deviations }, { training, columns }) => {
  const { mean, deviation } = training.moments()
  const limit = (side: number) => (each: number, i: number) =>
    columns?.[i].kind === 'category' ? side * LARGEST_FLOAT32 : each + side * deviations * deviation[i]
  return { use: 'clip', lowest: mean.map(limit(-1)), highest: mean.map(limit(1)) }
}
