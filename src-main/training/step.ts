import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core'
import type { TrainingBatch } from '../datasets/batches'
import type { Chain } from '../gradients/chain'
import type { Tensors } from '../models/layer'
import { differentiate, type StepInputs, type Task } from './differentiate'
import { measuredSets } from './measurements'
import { settle } from './settle'
import { moveLimit } from './update-ratios'

/** Everything that a step may change. */
export interface TrainState {
  /** Trained tensors by `<layer>/<role>`. */
  parameters: Tensors
  /** What layers keep besides, such as moving averages. */
  layerState: Tensors
  /** What transforms and the optimizer keep. */
  chainState: Tensors
}

/** One training step as a pure function over tensors. */
export type StepProgram = (
  state: TrainState,
  inputs: StepInputs,
  fed: Record<string, Scalar>
) => { state: TrainState; packed: Tensor1D; accepted: Scalar }

/**
 * The step of an experiment: preparation, forward, loss, gradients, chain, update, and every norm. Nothing is written:
 * the caller takes the new state if the step is `accepted`, or leaves it. `packed` is laid out as `measurements`
 * reads it. A step that would move a layer by more than `maxUpdateRatio` times the norm of its weights is not accepted.
 */
export function writeStep(task: Task, chain: Chain, maxUpdateRatio?: number): StepProgram {
  const names = task.model.parameters.map(({ name }) => name)
  const limit = moveLimit(task.model.parameters, maxUpdateRatio)

  return ({ parameters, layerState, chainState }, inputs, fed) => {
    const { loss, gradients, accuracy, error, ...after } = differentiate(
      task,
      { parameters, layerState },
      inputs,
      fed
    )
    const { seed } = inputs
    const given = { loss, gradients, parameters, state: chainState, fed, seed }
    const settled = settle(chain, names, given, limit)
    const { accepted, norms, fits, ratios, threshold, clipped } = settled
    const clipping = [threshold ?? tf.scalar(NaN), clipped ?? tf.scalar(0)]
    const leading = tf.stack([tf.cast(accepted, 'float32'), loss, accuracy, error, ...clipping])
    const sets = measuredSets.map((set) => norms[set])
    const packed = tf.concat([leading, ...sets, tf.cast(fits, 'float32'), ...(ratios ? [ratios] : [])])
    return {
      state: { parameters: settled.parameters, layerState: after.layerState, chainState: settled.state },
      packed: packed as Tensor1D,
      accepted
    }
  }
}

/** A batch as plain arrays in raw form, ready to become tensors. */
export interface BatchArrays extends TrainingBatch {
  /** Seed of the masks: [seed of the run, number of the step]. */
  seed: readonly [number, number]
}

/** All tensors of a state, named as checkpoints name them: `parameters/…`, `layerState/…`, `chainState/…`. */
export function tensorsOf(state: TrainState): Tensors {
  const entries = Object.entries(state) as [keyof TrainState, Tensors][]
  return Object.fromEntries(
    entries.flatMap(([part, tensors]) =>
      Object.entries(tensors).map(([name, tensor]) => [`${part}/${name}`, tensor] as const)
    )
  )
}

/** The state that `tensorsOf` named. */
export function stateOf(tensors: Tensors): TrainState {
  const state: TrainState = { parameters: {}, layerState: {}, chainState: {} }
  for (const [name, tensor] of Object.entries(tensors)) {
    const slash = name.indexOf('/')
    state[name.slice(0, slash) as keyof TrainState][name.slice(slash + 1)] = tensor
  }
  return state
}

/** The same tensors under handles of their own, which belong to the caller. */
export const copyOf = (state: TrainState): TrainState =>
  stateOf(
    Object.fromEntries(Object.entries(tensorsOf(state)).map(([name, tensor]) => [name, tf.clone(tensor)]))
  )

/** Disposes what another state replaces. A transform may hand a tensor on as it is: that one stays. */
export function disposeReplaced(old: TrainState, next: TrainState): void {
  const staying = new Set(Object.values(tensorsOf(next)))
  for (const tensor of Object.values(tensorsOf(old))) if (!staying.has(tensor)) tensor.dispose()
}
