import type { DataFinding } from '#contract/dataset'
import type { Samples } from '../reader'
import { EXAMPLES, shorten } from './finding'

/** A class is rare when it has less than this share of the samples of the largest one. */
const RARE_SHARE = 0.1
/** A class is near-empty with fewer samples than this, where the largest one has several times as many. */
const NEAR_EMPTY = 10
const SEVERAL_TIMES = 3

/** Samples of each class. */
export function countClasses({ targets }: Samples, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const label of targets) counts[label]++
  return counts
}

/** Finds classes without samples, with next to none, and classes that are rare, in one part. */
export function checkBalance(
  part: 'train' | 'test',
  samples: Samples,
  classes: readonly string[],
  counts: readonly number[]
): DataFinding[] {
  const most = Math.max(...counts)
  const largest = classes[counts.indexOf(most)]
  const missing = classes.filter((_, label) => counts[label] === 0)
  const few = classes.flatMap((name, label): DataFinding[] => {
    const count = counts[label]
    const isNearEmpty = count < NEAR_EMPTY && count * SEVERAL_TIMES <= most
    if (count === 0 || (!isNearEmpty && count >= most * RARE_SHARE)) return []
    const values = { name, count, largest, most }
    return [
      {
        kind: isNearEmpty ? 'nearEmptyClass' : 'imbalance',
        severity: 'warning',
        part,
        count,
        examples: firstOf(samples, label),
        names: [name],
        message: { key: isNearEmpty ? `data.nearEmptyClass.${part}` : `data.imbalance.${part}`, values }
      }
    ]
  })
  const isOne = counts.filter((count) => count > 0).length === 1
  const alone = part === 'train' && isOne ? [describeOneClass(largest, most)] : []
  if (missing.length === 0) return [...alone, ...few]
  const values = { classes: shorten(missing), count: missing.length, total: classes.length }
  return [
    {
      kind: 'labelRange',
      severity: 'warning',
      part,
      count: 0,
      examples: [],
      names: missing.slice(0, EXAMPLES),
      message: { key: `data.missingClasses.${part}`, values }
    },
    ...alone,
    ...few
  ]
}

const describeOneClass = (name: string, count: number): DataFinding => ({
  kind: 'labelRange',
  severity: 'warning',
  part: 'train',
  count,
  examples: [],
  names: [name],
  message: { key: 'data.oneClass', values: { name } }
})

function firstOf({ targets }: Samples, label: number): number[] {
  const positions: number[] = []
  for (let i = 0; i < targets.length && positions.length < EXAMPLES; i++)
    if (targets[i] === label) positions.push(i)
  return positions
}
