/** Mean and spread of numbers that were measured with several seeds. */
export interface Spread {
  count: number
  mean: number
  /** Standard deviation of the sample, with count − 1 below the root; 0 for a single number. */
  deviation: number
  min: number
  max: number
}

/** Undefined where there are none; one number that is not finite makes the mean so too. */
export function spreadOf(numbers: readonly number[]): Spread | undefined {
  if (numbers.length === 0) return undefined
  const count = numbers.length
  const mean = numbers.reduce((sum, number) => sum + number, 0) / count
  const squares = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0)
  return {
    count,
    mean,
    deviation: count === 1 ? 0 : Math.sqrt(squares / (count - 1)),
    min: Math.min(...numbers),
    max: Math.max(...numbers)
  }
}
