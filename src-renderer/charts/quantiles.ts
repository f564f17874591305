import type { Columns } from './reduce'

/**
 * Values of a column below which these shares of its steps lie, as the nearest rank has it. `exact` is false where points
 * stand for several steps: each of them counts with the largest of its values, so that a quantile is the largest possible
 * one. What is not finite counts as infinitely large. NaN without steps.
 */
export function quantilesOf(
  series: Columns,
  column: number,
  shares: readonly number[]
): { values: number[]; exact: boolean } {
  const points: { value: number; length: number }[] = []
  let steps = 0
  for (let point = 0; column < series.width && point < series.count; point++) {
    const value = series.maxima[column][point]
    const length = series.lasts[point] - series.firsts[point] + 1
    points.push({ value: Number.isFinite(value) ? value : Infinity, length })
    steps += length
  }
  points.sort((a, b) => (a.value < b.value ? -1 : Number(a.value > b.value)))
  const valueAt = (share: number): number => {
    let behind = 0
    return points.find(({ length }) => (behind += length) >= share * steps)?.value ?? NaN
  }
  return { values: shares.map(valueAt), exact: points.every(({ length }) => length === 1) }
}
