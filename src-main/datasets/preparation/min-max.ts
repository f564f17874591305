import type { PreparationWord } from './word'

/** Each channel from smallest … largest of the training part to 0 … 1; a range of zero counts as 1. */
export const minMax: PreparationWord<'minMax'> = (_, { training }) => {
  const { smallest, largest } = training.moments()
  const multiply = largest.map((each, i) => 1 / (each - smallest[i] || 1))
  return [{ use: 'affine', subtract: smallest, multiply }]
}
