import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { TrainingBatch } from '../datasets/batches'
import type { Chain } from '../gradients/chain'
import { acceptable } from '../gradients/guard'
import { measureNorms } from '../health/measure'
import type { Model } from '../models/build'
import type { LossFunction } from '../models/losses'
import type { Tensors } from '../models/layer'
import { isAccepted } from './measurements'
import type { TensorPreparation } from './prepare-tensors'

/** Everything that a step may change. */
export interface TrainState {
  /** Trained tensors by `<layer>/<role>`. */
  parameters: Tensors
  /** What layers keep besides, such as moving averages. */
  layerState: Tensors
  /** What transforms and the optimizer keep. */
  chainState: Tensors
}

/**
 * A batch on the engine: raw features [samples, …], raw targets, the seed of the step's masks (int32 [2]), and the
 * weight of each sample in the loss where they do not all weigh the same.
 */
export interface StepInputs {
  features: Tensor
  targets: Tensor
  seed: Tensor1D
  weights?: Tensor1D
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
 * reads it.
 */
export function writeStep(
  model: Model,
  loss: LossFunction,
  chain: Chain,
  prepare: TensorPreparation
): StepProgram {
  const names = model.parameters.map(({ name }) => name)

  return ({ parameters, layerState, chainState }, inputs, fed) => {
    const { seed, weights } = inputs
    const features = prepare.features(inputs.features)
    const targets = prepare.targets(inputs.targets)
    // The new layer state and the metrics are by-products of the forward pass: the gradient tape would dispose them.
    const byProducts: Tensor[] = []
    const keepByProduct = (tensor: Tensor): Tensor => {
      byProducts.push(tf.keep(tensor))
      return tensor
    }
    let newLayerState = layerState
    let accuracy: Tensor = tf.scalar(NaN)
    let error: Tensor = tf.scalar(NaN)
    const forward = (...values: Tensor[]): Scalar => {
      const current = Object.fromEntries(names.map((name, index) => [name, values[index]]))
      const mode = { training: true, seed } as const
      const { outputs, state } = model.apply(features, current, layerState, fed, mode)
      for (const [name, tensor] of Object.entries(state))
        if (tensor !== layerState[name]) keepByProduct(tensor)
      newLayerState = state
      if (loss.accuracy) accuracy = keepByProduct(loss.accuracy(outputs, targets))
      if (prepare.error) error = keepByProduct(prepare.error(outputs, targets))
      return loss.compute(outputs, targets, weights)
    }
    const { value, grads } = tf.valueAndGrads(forward)(names.map((name) => parameters[name]))
    const gradients = Object.fromEntries(names.map((name, index) => [name, grads[index]]))

    const chained = chain.update(gradients, chainState, parameters, fed)
    const newParameters = Object.fromEntries(
      names.map((name) => [name, tf.add(parameters[name], chained.updates[name])])
    )
    const inOrder = (tensors: Tensors): Tensor[] => names.map((name) => tensors[name])
    const before = measureNorms(inOrder(gradients))
    // Without a transform the raw gradients are what enters the optimizer.
    const entering = chained.entering === gradients ? before : measureNorms(inOrder(chained.entering))
    const rest = [entering, measureNorms(inOrder(chained.updates)), measureNorms(inOrder(parameters))]
    const accepted = acceptable(value, entering, [before, ...rest])
    const leading = tf.stack([tf.cast(accepted, 'float32'), value, accuracy, error])
    const packed = tf.concat([leading, before, ...rest])
    // Copies, so that the kept by-products can go and the caller owns everything it is given.
    const ownLayerState = Object.fromEntries(
      Object.entries(newLayerState).map(([name, tensor]) => [name, tf.clone(tensor)])
    )
    tf.dispose(byProducts)
    return {
      state: { parameters: newParameters, layerState: ownLayerState, chainState: chained.state },
      packed: packed as Tensor1D,
      accepted
    }
  }
}

/** A step that can be run: it changes its state, unless its result is refused. */
export interface Step {
  /** Runs one step; the packed result says what happened. */
  run(inputs: BatchArrays, scalars: Record<string, number>): Float32Array
  /** The state as it is now; owned by the step. */
  readonly state: TrainState
  /** Puts another state in place; the step owns it from then on. */
  replace(state: TrainState): void
  dispose(): void
}

/** A batch as plain arrays in raw form, ready to become tensors. */
export interface BatchArrays extends TrainingBatch {
  /** Seed of the masks: [seed of the run, number of the step]. */
  seed: readonly [number, number]
}

/** Makes the tensors of a batch; runs inside a tidy. */
export type Feed = (batch: BatchArrays) => StepInputs

/** Runs a program eagerly: kernel after kernel. */
export function runEagerly(program: StepProgram, feed: Feed, initial: TrainState): Step {
  let state = initial
  return {
    get state() {
      return state
    },
    run(batch, scalars) {
      const old = state
      let packed = new Float32Array(0)
      tf.tidy(() => {
        const fed = Object.fromEntries(
          Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])
        )
        const result = program(old, feed(batch), fed)
        packed = result.packed.dataSync() as Float32Array<ArrayBuffer>
        if (!isAccepted(packed)) return
        keepState(result.state)
        disposeReplaced(old, result.state)
        state = result.state
      })
      return packed
    },
    replace(other) {
      disposeReplaced(state, other)
      state = other
    },
    dispose: () => tf.dispose(tensorsOf(state))
  }
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

function keepState(state: TrainState): void {
  for (const tensor of Object.values(tensorsOf(state))) tf.keep(tensor)
}

/** A transform may hand a tensor of its state on as it is: that one stays. */
function disposeReplaced(old: TrainState, next: TrainState): void {
  const staying = new Set(Object.values(tensorsOf(next)))
  for (const tensor of Object.values(tensorsOf(old))) if (!staying.has(tensor)) tensor.dispose()
}
