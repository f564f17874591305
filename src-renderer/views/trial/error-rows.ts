import type { Answers } from '#contract/look'
import type { Pairs } from '../../components/drawing/paint-scatter'

/** True and predicted number of a sample; `error` is predicted − true. */
export interface ErrorRow {
  /** Position in its part. */
  sample: number
  actual: number
  predicted: number
  error: number
}

/** One of the numbers of each target. */
export function numbersAt({ actual, predicted }: Answers, size: number, output: number): Pairs {
  const own = (_: number, place: number): boolean => place % size === output
  return { actual: actual.filter(own), predicted: predicted.filter(own) }
}

/** One of the numbers of each target by sample: the largest errors first, or in the order that they came in. */
export function errorRows(
  answers: Answers,
  size: number,
  output: number,
  order: 'largest' | 'asGiven' = 'largest'
): ErrorRow[] {
  const { actual, predicted } = numbersAt(answers, size, output)
  const rows = answers.samples.map((sample, place) => ({
    sample,
    actual: actual[place],
    predicted: predicted[place],
    error: predicted[place] - actual[place]
  }))
  if (order === 'asGiven') return rows
  // What is no number is the largest error there is.
  const sizeOf = ({ error }: ErrorRow): number => (Number.isNaN(error) ? Infinity : Math.abs(error))
  return rows.sort((a, b) => (sizeOf(a) === sizeOf(b) ? a.sample - b.sample : sizeOf(b) - sizeOf(a)))
}
