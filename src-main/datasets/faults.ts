import type { DatasetSummary } from '#contract/dataset'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import { randomFrom, shuffledIndices } from '#contract/random'
import type { Fault, FaultOf } from '#contract/vocabulary'
import type { Gathered } from './parts'
import type { TargetValues } from './reader'

/**
 * The targets of a training part, sample after sample, as the faults of an experiment damage them.
 * @throws Failure `data.faultNeedsClasses`
 */
export function damageTargets(
  { data, seed }: Experiment,
  { classes, targetSize = 1 }: DatasetSummary,
  targets: TargetValues
): TargetValues {
  return data.faults.reduce<TargetValues>((damaged, fault, index) => {
    if (fault.use === 'permuteLabels') return permute(fault, damaged, targetSize, seed)
    if (fault.use !== 'shiftLabels') return damaged
    if (!classes)
      throw new Failure('data.faultNeedsClasses', { path: `data.faults.${index}`, word: fault.use })
    return damaged.map((label) => (label + 1) % classes.length) as TargetValues
  }, targets)
}

/** Hands the targets of some samples on in a ring, so that every one of them gets another's. */
function permute(
  { share }: FaultOf<'permuteLabels'>,
  targets: TargetValues,
  size: number,
  seed: number
): TargetValues {
  const damaged = targets.slice()
  const count = targets.length / size
  const ring = shuffledIndices(count, randomFrom(seed, 'permuteLabels')).subarray(
    0,
    Math.round(share * count)
  )
  ring.forEach((to, place) => {
    const from = ring[(place + 1) % ring.length]
    damaged.set(targets.subarray(from * size, (from + 1) * size), to * size)
  })
  return damaged
}

/** Says whether some batches have other values than the data can have. */
export const changesFeatures = (faults: readonly Fault[]): boolean =>
  faults.some(({ use }) => use === 'scaleBatch')

/** Damages a batch of float32 features in place; `step` counts from 1. */
export function damageBatch(faults: readonly Fault[], { features }: Gathered, step: number): void {
  for (const fault of faults)
    if (fault.use === 'scaleBatch' && step % fault.every === 0)
      for (let i = 0; i < features.length; i++) features[i] *= fault.by
}
