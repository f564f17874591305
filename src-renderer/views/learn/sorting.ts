import type { StudyAxis } from '#contract/study'
import type { Cell } from './cells'
import { spreadIn, type Metric } from './metrics'

/** What rows are sorted by: an axis by its place, or a metric. */
export type Column = number | Metric

/** The column that rows are sorted by, and which way. */
export interface Order {
  by: Column
  descending: boolean
}

/** Rows in an order; cases of an axis in the order of the study, and what has no number last, whichever way. */
export function sortCells(
  cells: readonly Cell[],
  axes: readonly StudyAxis[],
  { by, descending }: Order
): Cell[] {
  const value = (cell: Cell): number =>
    typeof by === 'number'
      ? axes[by].cases.findIndex(({ label }) => label === cell.labels[by])
      : (spreadIn(cell, by)?.mean ?? NaN)
  return cells
    .map((cell) => ({ cell, value: value(cell) }))
    .toSorted((a, b) => {
      if (Number.isNaN(a.value) || Number.isNaN(b.value))
        return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value))
      return descending ? b.value - a.value : a.value - b.value
    })
    .map(({ cell }) => cell)
}
