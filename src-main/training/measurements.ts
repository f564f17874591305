import { isFiniteNorm, type Evidence, type MeasuredNorm } from '../gradients/guard'
import { NUMBERS_PER_NORM } from '../health/measure'
import { columnOf, layerColumnOf, rowWidth, StepFlag } from '#contract/run'
import type { ParameterTable } from '#contract/model'

/** The sets of tensors that are measured at every step, in the order of the packed result. */
export const measuredSets = ['before', 'entering', 'update', 'weight'] as const

/** Everything that is known of one step: what the guard judges and what is kept. */
export interface StepMeasurements extends Evidence {
  /** The guard of the step itself let it be written. */
  accepted: boolean
  /** Share of the batch that was classified rightly; NaN where targets are numbers. */
  accuracy: number
  /** Mean absolute error of the batch in raw units; NaN where targets are classes. */
  mae: number
  /** What the first clip of the chain that has a threshold let through; NaN without one. */
  threshold: number
  /** A clip made the gradient smaller. */
  clipped: boolean
}

/** Numbers in front of the norms: accepted, loss, accuracy, mean absolute error, threshold, clipped. */
const LEADING = 6

/** Says whether a step whose packed result this is let itself be written. */
export const isAccepted = (packed: Float32Array): boolean => packed[0] === 1

/**
 * Takes apart the one vector that a step reads back: loss, metrics, clipping, the norms of every set, and whether each
 * tensor fits.
 */
export function unpack(packed: Float32Array, tensors: number): StepMeasurements {
  const normsOf = (set: number): MeasuredNorm[] =>
    Array.from({ length: tensors }, (_, tensor) => {
      const at = LEADING + (set * tensors + tensor) * NUMBERS_PER_NORM
      return { scale: packed[at], rest: packed[at + 1] }
    })
  const [before, entering, update, weight] = measuredSets.map((_, set) => normsOf(set))
  const fitting = packed.subarray(LEADING + measuredSets.length * tensors * NUMBERS_PER_NORM)
  return {
    accepted: isAccepted(packed),
    loss: packed[1],
    accuracy: packed[2],
    mae: packed[3],
    // A clip that still learns what is usual lets everything through.
    threshold: Number.isFinite(packed[4]) ? packed[4] : NaN,
    clipped: packed[5] === 1,
    before,
    entering,
    update,
    weight,
    fits: Array.from(fitting, (value) => value === 1)
  }
}

/** Euclidean norm over several tensors, in double precision: NaN or Inf as the tensors have them. */
export function joinNorms(norms: readonly MeasuredNorm[]): number {
  const broken = norms.find((norm) => !isFiniteNorm(norm))
  // A scale that is Inf leaves Inf/Inf, NaN, as the rest: that alone is no NaN among the elements.
  const isNaN = ({ scale, rest }: MeasuredNorm): boolean =>
    Number.isNaN(scale) || (Number.isNaN(rest) && Number.isFinite(scale))
  if (broken) return norms.some(isNaN) ? NaN : Infinity
  return Math.hypot(...norms.map(({ scale, rest }) => scale * rest))
}

/** What the loop knows about a step besides its measurements. */
export interface StepFacts {
  /** Position in epochs after the step. */
  epoch: number
  rate: number
  refused: boolean
}

/** The row of a step, as it is stored and sent. A layer is a group of tensors. */
export function rowOf(
  measured: StepMeasurements,
  facts: StepFacts,
  layers: readonly string[],
  parameters: ParameterTable
): Float32Array {
  const row = new Float32Array(rowWidth(layers.length))
  row[columnOf('loss')] = measured.loss
  row[columnOf('accuracy')] = measured.accuracy
  row[columnOf('mae')] = measured.mae
  row[columnOf('epoch')] = facts.epoch
  row[columnOf('rate')] = facts.rate
  row[columnOf('threshold')] = measured.threshold
  row[columnOf('gradientBefore')] = joinNorms(measured.before)
  row[columnOf('gradientAfter')] = joinNorms(measured.entering)

  let flags = facts.refused ? StepFlag.refused : 0
  if (measured.clipped) flags |= StepFlag.clipped
  layers.forEach((layer, index) => {
    let layerFlags = 0
    const columns = {
      before: 'gradientBefore',
      entering: 'gradientAfter',
      update: 'update',
      weight: 'weight'
    } as const
    for (const set of measuredSets) {
      const norms = measured[set].filter((_, tensor) => parameters[tensor].layer === layer)
      const norm = joinNorms(norms)
      const stored = Math.fround(norm)
      if (!Number.isFinite(norm) && norms.some((each) => !isFiniteNorm(each)))
        layerFlags |= StepFlag.nonFinite
      else if (!Number.isFinite(stored)) layerFlags |= StepFlag.overflow
      row[layerColumnOf(index, columns[set])] = stored
    }
    row[layerColumnOf(index, 'flags')] = layerFlags
    flags |= layerFlags
  })
  row[columnOf('flags')] = flags
  return row
}

/** The columns of a row that hold bits. */
export const bitColumns = (layers: number): number[] => [
  columnOf('flags'),
  ...Array.from({ length: layers }, (_, layer) => layerColumnOf(layer, 'flags'))
]
