import type { Cleaned, Operation } from '#contract/preparation'
import type { Mended } from '../cleaning/mend'
import type { Part, Parts } from '../parts'
import { applyAll } from './apply'
import { featureChunks } from './training-view'

/** How many values each cleaning that changes values changes, in the parts that are trained on and in the test. */
export function countChanges(
  { train, validation, test }: Parts,
  shape: readonly number[],
  mended: readonly Mended[]
): Cleaned[] {
  return mended.map(({ use, operation }, index) => {
    const before = mended.slice(0, index).map((each) => each.operation)
    const count = (part: Part | undefined): number => (part ? countIn(part, shape, before, operation) : 0)
    return { use, unit: 'values', train: count(train) + count(validation), test: count(test) }
  })
}

function countIn(
  part: Part,
  shape: readonly number[],
  before: readonly Operation[],
  operation: Operation
): number {
  let count = 0
  for (const values of featureChunks(part, shape, before)) {
    const after = applyAll([operation], shape, values)
    for (let i = 0; i < after.length; i++) if (!Object.is(after[i], values[i])) count++
  }
  return count
}
