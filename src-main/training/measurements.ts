import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { normsIn, type Evidence, type MeasuredNorm } from '../gradients/guard'
import { NUMBERS_PER_NORM } from '../health/measure'
import { columnOf, layerColumnOf, rowWidth, StepFlag } from '#contract/step-rows'
import type { ParameterTable } from '#contract/model'

/** The sets of tensors that are measured at every step, in the order of the packed result. */
export const measuredSets = ['before', 'entering', 'update', 'weight'] as const

/** What a step says of its batch as a whole. */
export interface BatchScores {
  loss: number
  /** Share of the batch that was classified rightly; NaN where targets are numbers. */
  accuracy: number
  /** Mean absolute error of the batch in raw units; NaN where targets are classes. */
  mae: number
}

/**
 * Places of what the clips tell in a packed result: what the first one with a threshold let through, NaN without one,
 * and whether one made the gradient smaller.
 */
const THRESHOLD = 4
const CLIPPED = 5
/** Numbers in front of the norms: accepted, loss, accuracy, mean absolute error, threshold, clipped. */
const LEADING = 6

/** Says whether a step whose packed result this is let itself be written. */
export const isAccepted = (packed: Float32Array): boolean => packed[0] === 1

/** The scores of a batch in the packed result of its step. */
export const scoresIn = (packed: Float32Array): BatchScores => ({
  loss: packed[1],
  accuracy: packed[2],
  mae: packed[3]
})

/** What the guard judges, out of the packed result of a step over so many tensors. */
export function evidenceIn(packed: Float32Array, tensors: number): Evidence {
  const normsOf = (set: number): MeasuredNorm[] =>
    Array.from({ length: tensors }, (_, tensor) => {
      const at = LEADING + (set * tensors + tensor) * NUMBERS_PER_NORM
      return { scale: packed[at], rest: packed[at + 1] }
    })
  const [before, entering, update, weight] = measuredSets.map((_, set) => normsOf(set))
  const behind = packed.subarray(LEADING + measuredSets.length * tensors * NUMBERS_PER_NORM)
  return {
    loss: packed[1],
    before,
    entering,
    update,
    weight,
    fits: Array.from(behind.subarray(0, tensors), (value) => value === 1),
    ratios: Array.from(behind.subarray(tensors))
  }
}

/** A packed result over so many tensors whose norms are one number each. */
export function withWholeNorms(packed: Tensor, tensors: number): Tensor {
  const norms = tensors * measuredSets.length * NUMBERS_PER_NORM
  const [leading, pairs, behind] = tf.split(packed, [LEADING, norms, packed.size - LEADING - norms])
  return tf.concat([leading, normsIn(pairs), behind])
}

/** What the loop knows about a step besides its measurements. */
export interface StepFacts {
  /** Position in epochs after the step. */
  epoch: number
  rate: number
  refused: boolean
}

/** Writes the row of a step out of its packed result, as it is stored and sent. */
export type WriteRow = (packed: Float32Array, facts: StepFacts) => Float32Array

/** Columns of a layer's norms, by the set that they measure. */
const layerColumns = {
  before: 'gradientBefore',
  entering: 'gradientAfter',
  update: 'update',
  weight: 'weight'
} as const

/**
 * Opens the rows of a run that keeps the norms of these layers; a layer is a group of tensors. What can be decided
 * beforehand is: this happens at every step.
 */
export function layOutRows(layers: readonly string[], parameters: ParameterTable): WriteRow {
  const width = rowWidth(layers.length)
  /** Where in a packed result the norms of some tensors are, for one of the sets. */
  const placesOf = (set: number, layer?: string): Uint32Array =>
    Uint32Array.from(
      parameters.flatMap((parameter, tensor) =>
        layer === undefined || parameter.layer === layer
          ? [LEADING + (set * parameters.length + tensor) * NUMBERS_PER_NORM]
          : []
      )
    )
  const [allBefore, allEntering] = [placesOf(0), placesOf(1)]
  const groups = layers.map((layer, index) => ({
    flags: layerColumnOf(index, 'flags'),
    sets: measuredSets.map((name, set) => ({
      column: layerColumnOf(index, layerColumns[name]),
      places: placesOf(set, layer)
    }))
  }))

  return (packed, facts) => {
    const row = new Float32Array(width)
    row[columnOf('loss')] = packed[1]
    row[columnOf('accuracy')] = packed[2]
    row[columnOf('mae')] = packed[3]
    row[columnOf('epoch')] = facts.epoch
    row[columnOf('rate')] = facts.rate
    // A clip that still learns what is usual lets everything through.
    row[columnOf('threshold')] = Number.isFinite(packed[THRESHOLD]) ? packed[THRESHOLD] : NaN
    row[columnOf('gradientBefore')] = joinNorms(packed, allBefore)
    row[columnOf('gradientAfter')] = joinNorms(packed, allEntering)

    let flags = facts.refused ? StepFlag.refused : 0
    if (packed[CLIPPED] === 1) flags |= StepFlag.clipped
    for (const group of groups) {
      let layerFlags = 0
      for (const { column, places } of group.sets) {
        const norm = joinNorms(packed, places)
        row[column] = norm
        if (Number.isFinite(row[column])) continue
        // What is finite in double precision alone is too large, not broken.
        layerFlags |= Number.isFinite(norm) ? StepFlag.overflow : StepFlag.nonFinite
      }
      row[group.flags] = layerFlags
      flags |= layerFlags
    }
    row[columnOf('flags')] = flags
    return row
  }
}

/**
 * Euclidean norm over the tensors whose norms are at these places of a packed result, in double precision, where
 * squares of 32-bit numbers fit: NaN or Inf as the tensors have them.
 */
function joinNorms(packed: Float32Array, places: Uint32Array): number {
  let sum = 0
  let isInfinite = false
  for (const place of places) {
    const scale = packed[place]
    const rest = packed[place + 1]
    if (Number.isFinite(scale) && Number.isFinite(rest)) sum += (scale * rest) ** 2
    // A scale that is Inf leaves Inf/Inf, NaN, as the rest: that alone is no NaN among the elements.
    else if (Number.isNaN(scale) || (Number.isNaN(rest) && Number.isFinite(scale))) return NaN
    else isInfinite = true
  }
  return isInfinite ? Infinity : Math.sqrt(sum)
}
