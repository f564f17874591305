import { gradientByLayer, type Cell } from './cells'
import { spreadIn } from './metrics'
import { factorLevel } from '../../charts/diverging'

/** Two cells that differ in nothing but their activation. */
export interface Pair {
  /** What they share. */
  shared: string[]
  sigmoid: Cell
  relu: Cell
}

/** Cells of two cases of an axis, side by side with equal cases of the other axes. */
export function pairsOf(
  cells: readonly Cell[],
  axis: number,
  { sigmoid, relu }: { sigmoid: string; relu: string }
): Pair[] {
  const others = ({ labels }: Cell): string[] => labels.filter((_, index) => index !== axis)
  return cells
    .filter(({ labels }) => labels[axis] === sigmoid)
    .flatMap((cell) => {
      const shared = others(cell)
      const match = cells.find(
        (each) => each.labels[axis] === relu && String(others(each)) === String(shared)
      )
      return match ? [{ shared, sigmoid: cell, relu: match }] : []
    })
}

/** Mean factor by which a layer multiplies the gradient; NaN where it was not measured. */
export const factorOf = (cell: Cell): number => spreadIn(cell, 'multiplier')?.mean ?? NaN

/**
 * What is left of a gradient at the first hidden layer of what there was at the last one, both over the first batch.
 * NaN where a cell has no two hidden layers or a norm is not finite.
 */
export function leftOver(cell: Cell): number {
  const norms = gradientByLayer(cell)
  const hidden = norms.length - 1
  return hidden < 2 ? NaN : norms[0] / norms[hidden - 1]
}

/** How the claim that sigmoid makes gradients explode more than ReLU does fares. */
export interface Verdict {
  answer: 'refuted' | 'mostly' | 'supported' | 'open'
  /** Pairs with a factor on both sides. */
  pairs: number
  /** Those in which sigmoid's is the smaller one. */
  smaller: number
}

/** Compares the factors of each pair. */
export function judge(pairs: readonly Pair[]): Verdict {
  const compared = pairs
    .map(({ sigmoid, relu }) => ({ sigmoid: factorOf(sigmoid), relu: factorOf(relu) }))
    .filter(({ sigmoid, relu }) => Number.isFinite(sigmoid) && Number.isFinite(relu))
  const smaller = compared.filter(({ sigmoid, relu }) => sigmoid < relu).length
  const all = compared.length
  const answer = all === 0 ? 'open' : smaller === all ? 'refuted' : smaller > all / 2 ? 'mostly' : 'supported'
  return { answer, pairs: all, smaller }
}

/** The cells in which a layer multiplies gradients by clearly more than 1, the strongest first. */
export const growing = (cells: readonly Cell[]): Cell[] =>
  cells.filter((cell) => factorLevel(factorOf(cell)) > 0).toSorted((a, b) => factorOf(b) - factorOf(a))

/** How far a factor is from 1, in either direction. */
const distance = (factor: number): number => Math.abs(Math.log(factor))

/** The cells whose factors are nearest to 1 and farthest from it; undefined where none was measured. */
export function extremes(cells: readonly Cell[]): { steady: Cell; extreme: Cell } | undefined {
  const ordered = cells
    .filter((cell) => Number.isFinite(factorOf(cell)))
    .toSorted((a, b) => distance(factorOf(a)) - distance(factorOf(b)))
  return ordered.length === 0 ? undefined : { steady: ordered[0], extreme: ordered[ordered.length - 1] }
}

/** Runs that ended otherwise than with their last step, such as those that the guard stopped. */
export const stoppedRuns = (cells: readonly Cell[]): number =>
  cells.reduce((sum, { runs }) => sum + runs.filter(({ stopped }) => stopped === 'guard').length, 0)
