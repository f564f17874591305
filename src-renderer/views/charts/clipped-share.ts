import { columnOf, StepFlag } from '#contract/step-rows'
import { flaggedShare, type Columns } from '../../charts/reduce'

/** Share of the steps of a range that the chain clipped, in words; a dash while there are none. */
export function clippedShare(columns: Columns, { from, to }: { from: number; to: number }): string {
  const { share, exact } = flaggedShare(columns, columnOf('flags'), StepFlag.clipped, from, to)
  if (Number.isNaN(share)) return '–'
  const per = `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`
  return exact ? per : `≤ ${per}`
}
