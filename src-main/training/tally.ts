import type { ClassScore } from '#contract/look'
import { inverseOf, type Affine } from '#contract/preparation'
import type { Score } from '#contract/run'
import type { TargetValues } from '../datasets/reader'
import { classScoresOf } from './class-scores'

/** With more classes than this it is said how often the right one is among the five largest outputs. */
const TOP = 5

/** Counts how good a model's outputs are, batch after batch, in double precision. */
export interface Tally {
  /** Takes a batch: its mean loss, its outputs as rows, and its raw targets. */
  add(count: number, meanLoss: number, outputs: Float32Array, targets: TargetValues): void
  score(): Score
  /** How each class does; absent where targets are numbers. */
  classScores?(): ClassScore[]
}

/** Counts for outputs with a column for each class, of which the largest is the one that is meant. */
export function tallyClasses(names: readonly string[]): Tally {
  const size = names.length
  const counts = { actual: zeros(size), predicted: zeros(size), right: zeros(size) }
  const sums = { loss: 0, samples: 0, right: 0, top: 0 }
  return {
    add(count, meanLoss, outputs, targets) {
      sums.loss += meanLoss * count
      sums.samples += count
      for (let row = 0; row < count; row++) {
        const own = outputs.subarray(row * size, (row + 1) * size)
        const actual = targets[row]
        const rank = rankOf(own, actual)
        counts.actual[actual]++
        counts.predicted[largestOf(own)]++
        if (rank === 0) counts.right[actual]++
        if (rank === 0) sums.right++
        if (rank < TOP) sums.top++
      }
    },
    score: () => ({
      loss: sums.loss / sums.samples,
      accuracy: sums.right / sums.samples,
      ...(size > TOP && { top5: sums.top / sums.samples })
    }),
    classScores: () => classScoresOf(names, counts)
  }
}

/** Counts for outputs in the units of prepared targets, as many for each sample as a target has numbers. */
export function tallyNumbers(affine: Affine | undefined): Tally {
  const { scale, add } = affine ? inverseOf(affine) : { scale: [1], add: [0] }
  const columns: Column[] = []
  const sums = { loss: 0, samples: 0 }
  return {
    add(count, meanLoss, outputs, targets) {
      sums.loss += meanLoss * count
      sums.samples += count
      const size = targets.length / count
      for (let i = 0; i < targets.length; i++) {
        const column = (columns[i % size] ??= { count: 0, mean: 0, squares: 0, absolute: 0, residual: 0 })
        const output = outputs[i] * scale[i % scale.length] + add[i % add.length]
        take(column, targets[i], output)
      }
    },
    score: () => ({
      loss: sums.loss / sums.samples,
      mae: meanOf(columns.map(({ absolute, count }) => absolute / count)),
      r2: meanOf(columns.map(({ residual, squares }) => (squares === 0 ? NaN : 1 - residual / squares)))
    })
  }
}

/** One number of the targets so far, in raw units. */
interface Column {
  count: number
  mean: number
  /** Sum of squares of the targets' differences from their mean (Welford, 1962). */
  squares: number
  /** Sum of absolute errors. */
  absolute: number
  /** Sum of squared errors. */
  residual: number
}

function take(column: Column, target: number, output: number): void {
  const before = target - column.mean
  column.count++
  column.mean += before / column.count
  column.squares += before * (target - column.mean)
  column.absolute += Math.abs(target - output)
  column.residual += (target - output) ** 2
}

/** How many outputs are before one, from the largest; of equal ones the first is before. NaN is behind everything. */
function rankOf(outputs: Float32Array, place: number): number {
  const own = outputs[place]
  if (Number.isNaN(own)) return outputs.length
  let rank = 0
  for (let i = 0; i < outputs.length; i++) if (outputs[i] > own || (outputs[i] === own && i < place)) rank++
  return rank
}

function largestOf(outputs: Float32Array): number {
  let best = 0
  for (let i = 1; i < outputs.length; i++)
    if (outputs[i] > outputs[best] || Number.isNaN(outputs[best])) best = i
  return best
}

const zeros = (length: number): number[] => new Array<number>(length).fill(0)
const meanOf = (numbers: number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length
