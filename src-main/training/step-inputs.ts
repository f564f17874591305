import type { Experiment } from '#contract/experiment'
import type { Chain } from '../gradients/chain'
import type { Clock } from '../gradients/transform'
import type { Model } from '../models/build'
import { stepsPerEpoch, type Position } from './position'

/** Where a step stands in a run: how many were tried and applied before it, and which samples it begins with. */
export type StepPlace = Pick<Position, 'step' | 'updates' | 'epoch' | 'offset'> &
  Partial<Pick<Position, 'rateFactor'>>

/** The clock of a step, over so many training samples. */
export const clockAt = (
  { step, updates, epoch, offset, rateFactor = 1 }: StepPlace,
  samples: number,
  batchSize: number
): Clock => ({
  step,
  updates,
  epoch: epoch + offset / samples,
  stepsPerEpoch: stepsPerEpoch(samples, batchSize),
  rateFactor
})

/** The numbers that a step is fed with besides its batch: those of the chain and of the layers, by name. */
export const scalarsAt = (
  { chain, model }: { chain: Chain; model: Model },
  { gradients, model: { layers } }: Pick<Experiment, 'gradients' | 'model'>,
  clock: Clock
): Record<string, number> => ({ ...chain.scalars(clock, gradients), ...model.scalars(layers) })

/** Seed of the masks of a step. */
export const seedAt = ({ seed }: Pick<Experiment, 'seed'>, step: number): readonly [number, number] => [
  seed | 0,
  step
]
