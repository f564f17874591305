import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Model } from '../models/build'
import type { Tensors } from '../models/layer'
import type { LossFunction } from '../models/losses'
import type { TensorPreparation } from './prepare-tensors'

/** What a model is trained to do: what it is given, what it gives, and how wrong that is. */
export interface Task {
  model: Model
  loss: LossFunction
  prepare: TensorPreparation
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

/** What a batch says about the weights: its loss, the gradient of each parameter, and what came of the forward pass. */
export interface Differentiated {
  loss: Scalar
  /** Raw gradients by `<layer>/<role>`. */
  gradients: Tensors
  /** What layers keep, as it is after the batch. */
  layerState: Tensors
  /** Share of the batch that was classified rightly; NaN where targets are numbers. */
  accuracy: Tensor
  /** Mean absolute error in raw units; NaN where targets are classes. */
  error: Tensor
}

/**
 * Preparation, forward pass, loss and gradients of a batch; the masks are those of its seed. Changes nothing. `see` is
 * shown what each unit takes and gives, as tensors that live as long as the results. Runs inside a tidy.
 */
export function differentiate(
  { model, loss, prepare }: Task,
  { parameters, layerState }: { parameters: Tensors; layerState: Tensors },
  { seed, weights, ...raw }: StepInputs,
  scalars: Record<string, Scalar>,
  see?: (unit: string, input: Tensor, output: Tensor) => void
): Differentiated {
  const names = model.parameters.map(({ name }) => name)
  const features = prepare.features(raw.features)
  const targets = prepare.targets(raw.targets)
  // What comes of the forward pass besides the loss: the gradient tape would dispose it.
  const byProducts: Tensor[] = []
  const saved = (tensor: Tensor): Tensor => {
    const copy = tf.keep(tf.clone(tensor))
    byProducts.push(copy)
    return copy
  }
  const seen: [unit: string, input: Tensor, output: Tensor][] = []
  let newLayerState = layerState
  let accuracy: Tensor = tf.scalar(NaN)
  let error: Tensor = tf.scalar(NaN)
  const forward = (...values: Tensor[]): Scalar => {
    const current = Object.fromEntries(names.map((name, index) => [name, values[index]]))
    const mode = { training: true, seed } as const
    const { outputs, state } = model.apply(
      features,
      current,
      layerState,
      scalars,
      mode,
      see && (({ name }, output, input) => seen.push([name, saved(input), saved(output)]))
    )
    newLayerState = Object.fromEntries(
      Object.entries(state).map(([name, tensor]) => [
        name,
        tensor === layerState[name] ? tensor : saved(tensor)
      ])
    )
    if (loss.accuracy) accuracy = saved(loss.accuracy(outputs, targets))
    if (prepare.error) error = saved(prepare.error(outputs, targets))
    return loss.compute(outputs, targets, weights)
  }
  const { value, grads } = tf.valueAndGrads(forward)(names.map((name) => parameters[name]))
  // Copies, so that what was kept can go and the tidy around this owns every result.
  const released = (tensor: Tensor): Tensor => tf.clone(tensor)
  const results = {
    loss: value,
    gradients: Object.fromEntries(names.map((name, index) => [name, grads[index]])),
    layerState: Object.fromEntries(
      Object.entries(newLayerState).map(([name, tensor]) => [name, released(tensor)])
    ),
    accuracy: released(accuracy),
    error: released(error)
  }
  for (const [unit, input, output] of seen) see?.(unit, released(input), released(output))
  tf.dispose(byProducts)
  return results
}
