import type { DatasetSummary, TargetStatistics, ValueStatistics } from '#contract/dataset'
import type { DatasetHandle, Samples } from '../reader'

/** Wider samples are not described value by value: nobody reads it. */
const MOST_VALUES = 2_000
/** Equal steps between the smallest and the largest target. */
const BINS = 12

type Numbers = ArrayLike<number>

/**
 * What is known of each value of a row or of a step of a series, from all parts; undefined for pictures and for samples
 * that are too wide.
 */
export function describeValues({ featureShape, train, test }: DatasetHandle): ValueStatistics[] | undefined {
  const size = featureShape.at(-1) ?? 1
  if (featureShape.length > 2 || size > MOST_VALUES) return undefined
  return statisticsOf(
    [train, ...(test ? [test] : [])].map(({ features }) => features),
    size
  )
}

/** What is known of each number of a numeric target; undefined where targets are classes. */
export function describeTargets({
  targetSize,
  train,
  test
}: DatasetHandle): DatasetSummary['targets'] | undefined {
  if (targetSize === undefined || targetSize > MOST_VALUES) return undefined
  const known = statisticsOf(
    [train, ...(test ? [test] : [])].map(({ targets }) => targets),
    targetSize
  )
  return known.map((statistics, place): TargetStatistics => {
    const { range } = statistics
    if (!range) return statistics
    const count = (part: Samples | undefined): number[] =>
      part ? countInBins(part.targets, place, targetSize, range) : []
    return { ...statistics, histogram: { train: count(train), test: count(test) } }
  })
}

/** Of the numbers at each of `size` places that follow each other again and again. */
function statisticsOf(parts: readonly Numbers[], size: number): ValueStatistics[] {
  const counts = new Float64Array(size)
  const missing = new Float64Array(size)
  const sums = new Float64Array(size)
  const smallest = new Float64Array(size).fill(Infinity)
  const largest = new Float64Array(size).fill(-Infinity)
  eachNumber(parts, size, (value, place) => {
    if (!Number.isFinite(value)) return void missing[place]++
    counts[place]++
    sums[place] += value
    if (value < smallest[place]) smallest[place] = value
    if (value > largest[place]) largest[place] = value
  })
  // A second pass, because the difference of two large sums of squares would be noise.
  const squares = new Float64Array(size)
  eachNumber(parts, size, (value, place) => {
    if (Number.isFinite(value)) squares[place] += (value - sums[place] / counts[place]) ** 2
  })
  return Array.from({ length: size }, (_, place) => ({
    missing: missing[place],
    ...(counts[place] > 0 && {
      range: [smallest[place], largest[place]],
      mean: sums[place] / counts[place],
      deviation: Math.sqrt(squares[place] / counts[place])
    })
  }))
}

function eachNumber(
  parts: readonly Numbers[],
  size: number,
  look: (value: number, place: number) => void
): void {
  for (const numbers of parts)
    for (let i = 0, place = 0; i < numbers.length; i++) {
      look(numbers[i], place)
      place = place + 1 === size ? 0 : place + 1
    }
}

/** How many targets lie in each of equal steps of a range; the last one holds its end too. */
function countInBins(
  targets: Numbers,
  place: number,
  size: number,
  [low, high]: readonly [number, number]
): number[] {
  const counts = new Array<number>(high > low ? BINS : 1).fill(0)
  for (let i = place; i < targets.length; i += size) {
    const value = targets[i]
    if (!Number.isFinite(value)) continue
    const bin = high > low ? Math.floor((BINS * (value - low)) / (high - low)) : 0
    counts[Math.min(counts.length - 1, bin)]++
  }
  return counts
}
