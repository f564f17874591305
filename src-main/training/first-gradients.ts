import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Experiment } from '#contract/experiment'
import { eagerTensor } from '../engine/compile/fed'
import { mapRecord } from '../engine/compile/map-record'
import { measureNorms, NUMBERS_PER_NORM } from '../health/measure'
import type { Model } from '../models/build'
import type { StepInputs } from './differentiate'
import type { Weights } from './evaluate'
import { fedOf } from './feed'
import { initialize } from './initialize'
import type { OpenedModel } from './opened-model'
import { seedAt } from './step-inputs'

/** The layers with trainable tensors, in order, and for each the norm of the gradient with respect to what it gives. */
export interface FirstGradients {
  layers: string[]
  norms: number[]
}

/**
 * The gradient of the loss with respect to what each trainable layer gives, behind its activation, over the first batch
 * of a run, at its first weights and with the masks of its first step. Its norm is NaN where it is not finite.
 * @throws Failure `training.weights*`, `storage.*` for weights that cannot be used
 */
export async function firstGradients(
  experiment: Experiment,
  opened: OpenedModel,
  weights: string | undefined
): Promise<FirstGradients> {
  const { model, makeBatch, preparation } = opened
  const first = await initialize(weights, experiment, opened)
  const batch = makeBatch({ epoch: 0, offset: 0, size: experiment.training.batchSize, step: 0 })
  const fed = fedOf({ ...batch, seed: seedAt(experiment, 0) }, preparation.sampleShape)
  try {
    const numbers = tf.tidy(() => {
      const inputs = mapRecord(fed, eagerTensor) as unknown as StepInputs
      const scalars = mapRecord(model.scalars(experiment.model.layers), (value) => tf.scalar(value))
      return measureNorms(outputGradients(opened, first, inputs, scalars)).dataSync()
    })
    const norms = model.layers.map((_, index) => {
      const [scale, rest] = numbers.subarray(index * NUMBERS_PER_NORM)
      return Number.isFinite(scale * rest) ? scale * rest : NaN
    })
    return { layers: [...model.layers], norms }
  } finally {
    tf.dispose([first.parameters, first.layerState])
  }
}

/** A zero is added to what each layer gives: the gradient with respect to it is the one that is asked for. */
function outputGradients(
  { model, loss, prepare }: OpenedModel,
  { parameters, layerState }: Weights,
  { seed, weights, ...raw }: StepInputs,
  scalars: Record<string, Scalar>
): Tensor[] {
  const features = prepare.features(raw.features)
  const targets = prepare.targets(raw.targets)
  const mode = { training: true, seed: seed as Tensor1D } as const
  const places = lastUnits(model)
  const zeros = places.map(({ outputShape }) => tf.zeros([features.shape[0], ...outputShape]))
  const forward = (...added: Tensor[]): Scalar => {
    const through = ({ name }: { name: string }, output: Tensor): Tensor => {
      const place = places.findIndex((unit) => unit.name === name)
      return place < 0 ? output : tf.add(output, added[place])
    }
    const { outputs } = model.apply(features, parameters, layerState, scalars, mode, undefined, through)
    return loss.compute(outputs, targets, weights)
  }
  return tf.grads(forward)(zeros)
}

/** A layer's activation is a unit behind it: the last unit of a layer gives what the layer gives. */
const lastUnits = ({ layers, units }: Model): Model['units'] =>
  layers.flatMap((layer) => units.findLast((unit) => unit.layer === layer) ?? [])
