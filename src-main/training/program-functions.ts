import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core'
import type { NamedTensors, ProgramFunction, ProgramResult } from '../engine/compile/compiler'
import type { Chain } from '../gradients/chain'
import { normsIn } from '../gradients/guard'
import { measureNorms } from '../health/measure'
import type { Tensors } from '../models/layer'
import { differentiate, type StepInputs, type Task } from './differentiate'
import type { Comparable } from './agreement'
import { applyModel, decisive } from './evaluate'
import { writeMeasure } from './measure-program'
import { withWholeNorms } from './measurements'
import { stateOf, tensorsOf, writeStep, type TrainState } from './step'

/** What can be run over the state of a run; only `train` changes it. */
export const programKinds = ['train', 'evaluate', 'gradients', 'measure'] as const
export type ProgramKind = (typeof programKinds)[number]

/** The programs of a model, each a pure function. One that is only used has no `train`. */
export type ProgramFunctions = Record<Exclude<ProgramKind, 'train'>, ProgramFunction> & {
  train?: ProgramFunction
}

/** What the programs of a run are made of. */
export interface ProgramTask extends Task {
  /** Names of the classes; absent where targets are numbers. */
  classes?: readonly string[]
  /** Layers are measured with histograms. */
  hasHistograms?: boolean
  /** The most that a step may move a layer; see `writeStep`. */
  maxUpdateRatio?: number
}

/** Writes the programs of a model; with a chain it can be trained. */
export function writePrograms(task: ProgramTask, chain?: Chain): ProgramFunctions {
  const { model, loss, prepare, classes } = task
  const step = chain && writeStep(task, chain, task.maxUpdateRatio)
  const measure = writeMeasure(task, task.hasHistograms ?? false)
  return {
    ...(step && {
      train: onBatch((state, inputs, scalars) => {
        const { packed, accepted, ...next } = step(state, inputs, scalars)
        return { outputs: [packed], state: tensorsOf(next.state), accepted }
      })
    }),

    /** The loss with dropout off, and the outputs, a column for each class where there are classes. */
    evaluate: onBatch((state, { features, targets, weights }) => {
      const own = applyModel(model, state, prepare.features(features))
      const value = loss.compute(own, prepare.targets(targets), weights)
      return { outputs: [value, classes ? decisive(own, loss, classes.length) : own] }
    }),

    /** Loss, norms of the raw gradients, and the gradients themselves in the order of their names. */
    gradients: onBatch((state, inputs, scalars) => {
      const { loss, gradients } = differentiate(task, state, inputs, scalars)
      const ordered = inOrder(gradients).map((name) => gradients[name])
      return { outputs: [loss, measureNorms(ordered), ...ordered] }
    }),

    /** What `writeMeasure` gives. */
    measure: onBatch((...given) => ({ outputs: [measure(...given)] }))
  }
}

/**
 * How what a program over so many trained tensors gives is compared with what another writing of it gives: of a norm
 * its value counts, not how it is split in two, which tells a zero from the smallest noise.
 */
export const comparableIn = (tensors: number): Partial<Record<ProgramKind, Comparable>> => ({
  train: ([packed]) => [withWholeNorms(packed, tensors)],
  gradients: ([loss, norms, ...gradients]) => [loss, normsIn(norms), ...gradients]
})

/** Names in an order that does not depend on who made the record. */
export const inOrder = (tensors: Tensors): string[] => Object.keys(tensors).sort()

/** A program as the compiler takes it: state by the names of checkpoints, a batch as `fedOf` feeds it, and scalars. */
const onBatch =
  (
    run: (state: TrainState, inputs: StepInputs, scalars: Record<string, Scalar>) => ProgramResult
  ): ProgramFunction =>
  (state: NamedTensors, { features, targets, seed, weights, ...scalars }: NamedTensors) =>
    run(
      stateOf(state),
      {
        features,
        targets,
        seed: seed as Tensor1D,
        ...(weights && { weights: weights as Tensor1D })
      },
      scalars as Record<string, Scalar>
    )
