import { tensorsOf, type TrainState } from '../step'

/** Says whether a row is, bit for bit, the one at a place among stored ones; one NaN is as good as another. */
export function isSameRow(row: Float32Array, stored: Float32Array, place: number): boolean {
  const at = place * row.length
  return at + row.length <= stored.length && row.every((value, index) => Object.is(value, stored[at + index]))
}

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
