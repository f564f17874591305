import type { TargetStatistics } from '#contract/dataset'

/** How many samples of each part have a target in one step of its range. */
export interface TargetBin {
  low: number
  high: number
  train: number
  test: number
}

/** The equal steps that the targets were counted in; none where there is no number. */
export function binsOf({ range, histogram }: TargetStatistics): TargetBin[] {
  if (!range || !histogram) return []
  const [low, high] = range
  const { train, test } = histogram
  const width = (high - low) / train.length
  return train.map((count, bin) => ({
    low: low + bin * width,
    high: low + (bin + 1) * width,
    train: count,
    test: test[bin] ?? 0
  }))
}
