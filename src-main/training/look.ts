import type * as tf from '@tensorflow/tfjs-core'
import { Failure } from '#contract/failure'
import type { Look } from '#contract/look'
import { rawTargets } from '../datasets/preparation/apply'
import { checkGivenCodes } from '../datasets/preparation/check-codes'
import { sizeOf } from '../models/layer'
import { fitActivations, type Activation } from './activations'
import { applyModel, readable } from './evaluate'
import type { LoadedModel } from './loaded-model'
import { readOut } from './read-out'

/** A message has at most 64 KiB; what these 56,000 bytes leave is for names and framing. */
const NUMBERS_IN_A_LOOK = 14_000

/**
 * What a model makes of one raw sample, and what each layer of its experiment gives on the way, cut to what fits into
 * a message (`fitActivations`). Done at once: nothing happens to the weights meanwhile.
 * @throws Failure `training.sampleSize` for another number of values than a sample has, `data.notACode.given`
 */
export function lookAt(loaded: LoadedModel, features: Float32Array): Look {
  const { model, feedSamples, preparation, experiment, classes, state, step } = loaded
  const expected = sizeOf(preparation.sampleShape)
  if (features.length !== expected)
    throw new Failure('training.sampleSize', { expected, found: features.length })
  checkGivenCodes(features, experiment, preparation)

  return readOut(() => {
    // A layer's activation function is a unit behind it: the last unit of a layer is what the layer gives.
    const given = new Map<string, { shape: readonly number[]; output: tf.Tensor }>()
    const result = applyModel(model, state, feedSamples(1, features), ({ layer, outputShape }, output) => {
      given.delete(layer)
      given.set(layer, { shape: outputShape, output })
    })
    const own = readable(result, experiment.loss, classes?.length).dataSync()
    const outputs = rawTargets(own, preparation.targets)
    const activations = Array.from(given, ([layer, { shape, output }]): Activation => ({
      layer,
      shape: [...shape],
      values: output.dataSync() as Float32Array
    }))
    return { step, outputs, activations: fitActivations(activations, NUMBERS_IN_A_LOOK - outputs.length) }
  })
}
