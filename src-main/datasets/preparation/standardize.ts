import type { PreparationWord } from './word'

/**
 * Each channel to mean 0 and standard deviation 1 over the training part, as its population has them. One whose values
 * are all the same has no deviation: it counts as 1.
 */
export const standardize: PreparationWord<'standardize'> = (_, { training }) => {
  const { mean, deviation, smallest, largest } = training.moments()
  // Rounding can leave a little deviation where there is none.
  const multiply = deviation.map((each, i) => (smallest[i] === largest[i] ? 1 : 1 / each))
  return [{ use: 'affine', subtract: mean, multiply }]
}
