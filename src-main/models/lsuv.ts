import * as tf from '@tensorflow/tfjs-core'
import type { Initialization, Layer } from '#contract/vocabulary'
import type { Model } from './build'
import { orthogonalValues } from './initializers'
import { isKernel, type Tensors } from './layer'

/** The batch that decides the scales: prepared features, [samples, …], and the seed of the masks, [run, step]. */
export interface FirstBatch {
  features: tf.Tensor
  seed: readonly [number, number]
}

/**
 * First weights of a whole model by layer-sequential unit-variance initialization (Mishkin and Matas, 2016): kernels
 * start orthogonal, then each in turn is divided by the standard deviation of what its layer gives for a batch, until
 * the variance is within `tolerance` of 1, `iterations` times at most. A layer that gives nothing but one value stays
 * as it is. Everything else starts as its initializer says. The tensors belong to the caller.
 */
export function initializeBySequence(
  model: Model,
  layers: readonly Layer[],
  { tolerance, iterations }: Initialization,
  batch: FirstBatch,
  seed: number
): Tensors {
  const parameters = model.initialParameters(seed, orthogonalValues)
  for (const { unit, scale } of scalesOf(model)) {
    for (let iteration = 0; iteration < iterations; iteration++) {
      const variance = varianceAt(unit, model, layers, parameters, batch)
      // Also where it is no number.
      if (!(variance > 0 && Number.isFinite(variance) && Math.abs(variance - 1) >= tolerance)) break
      const scaled = tf.tidy(() => tf.div(parameters[scale], Math.sqrt(variance)))
      parameters[scale].dispose()
      parameters[scale] = scaled
    }
  }
  return parameters
}

/**
 * The units with a kernel, in order, and the tensor that scales what each gives: the gain where the kernel has one, else
 * the kernel, the last of several. Nothing scales what a recurrent layer gives to variance 1.
 */
function scalesOf({ parameters }: Model): { unit: string; scale: string }[] {
  const scales = new Map<string, string>()
  for (const { name, role } of parameters) {
    const unit = name.slice(0, name.lastIndexOf('/'))
    if (isKernel(role) || (role === 'gain' && scales.has(unit))) scales.set(unit, name)
    if (name === `${unit}/recurrentKernel`) scales.delete(unit)
  }
  return Array.from(scales, ([unit, scale]) => ({ unit, scale }))
}

/** Variance over all values that a unit gives for the batch, as the first step will see them. */
function varianceAt(
  wanted: string,
  model: Model,
  layers: readonly Layer[],
  parameters: Tensors,
  { features, seed }: FirstBatch
): number {
  const [largest, scaled] = tf.tidy(() => {
    const fed = Object.fromEntries(
      Object.entries(model.scalars(layers)).map(([name, value]) => [name, tf.scalar(value)])
    )
    const mode = { training: true, seed: tf.tensor1d(seed as [number, number], 'int32') } as const
    let given: tf.Tensor | undefined
    model.apply(features, parameters, model.initialState(), fed, mode, ({ name }, output) => {
      if (name === wanted) given = output
    })
    // Squares of what is divided by the largest magnitude can neither overflow nor vanish.
    const values = given as tf.Tensor
    const most = tf.max(tf.abs(values))
    return tf.stack([most, tf.moments(tf.div(values, most)).variance]).dataSync()
  })
  return largest * largest * scaled
}
