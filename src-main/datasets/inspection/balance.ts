import type { DataFinding } from '#contract/dataset'
import type { Samples } from '../reader'
import { EXAMPLES, shorten } from './finding'

/** A class is rare when it has less than this share of the samples of the largest one. */
const RARE_SHARE = 0.1

/** Samples of each class. */
export function countClasses({ targets }: Samples, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const label of targets) counts[label]++
  return counts
}

/** Finds classes without samples, and classes that are rare, in one part. */
export function checkBalance(
  part: 'train' | 'test',
  samples: Samples,
  classes: readonly string[],
  counts: readonly number[]
): DataFinding[] {
  const most = Math.max(...counts)
  const largest = classes[counts.indexOf(most)]
  const missing = classes.filter((_, label) => counts[label] === 0)
  const rare = classes.flatMap((name, label): DataFinding[] => {
    const count = counts[label]
    if (count === 0 || count >= most * RARE_SHARE) return []
    const values = { name, count, largest, most }
    return [
      {
        kind: 'imbalance',
        severity: 'warning',
        part,
        count,
        examples: firstOf(samples, label),
        message: { key: `data.imbalance.${part}`, values }
      }
    ]
  })
  if (missing.length === 0) return rare
  const values = { classes: shorten(missing), count: missing.length, total: classes.length }
  return [
    {
      kind: 'labelRange',
      severity: 'warning',
      part,
      count: 0,
      examples: [],
      message: { key: `data.missingClasses.${part}`, values }
    },
    ...rare
  ]
}

function firstOf({ targets }: Samples, label: number): number[] {
  const positions: number[] = []
  for (let i = 0; i < targets.length && positions.length < EXAMPLES; i++)
    if (targets[i] === label) positions.push(i)
  return positions
}
