import type { RowReader } from '../../storage/rows'
import { tensorsOf, type TrainState } from '../step'

/** Rows that are read at once. */
const ROWS_AT_ONCE = 1_024

/** Reads the row of one step after the other, up to a last one. */
export function rowAfterRow(rows: RowReader, last: number): (step: number) => Promise<Float32Array> {
  let first = 0
  let values: Float32Array = new Float32Array(0)
  return async (step) => {
    if ((step - first + 1) * rows.width > values.length) {
      first = step
      values = await rows.rows(step, Math.min(last, step + ROWS_AT_ONCE - 1))
    }
    return values.subarray((step - first) * rows.width, (step - first + 1) * rows.width)
  }
}

/** Says whether two rows are the same, bit for bit; one NaN is as good as another. */
export const isSameRow = (row: Float32Array, stored: Float32Array): boolean =>
  row.length === stored.length && row.every((value, index) => Object.is(value, stored[index]))

/** Says whether two states have the same tensors with the same numbers. */
export function isSameState(one: TrainState, other: TrainState): boolean {
  const [mine, others] = [tensorsOf(one), tensorsOf(other)]
  const names = Object.keys(mine)
  return (
    names.length === Object.keys(others).length &&
    names.every((name) => {
      const [values, expected] = [mine[name].dataSync(), others[name]?.dataSync()]
      return values.length === expected?.length && values.every((value, at) => Object.is(value, expected[at]))
    })
  )
}
