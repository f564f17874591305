import * as tf from '@tensorflow/tfjs-core'
import type { PreparationPlan } from '#contract/preparation'
import type { Fed } from '../engine/compile/fed'
import { prepareTensors } from './prepare-tensors'
import type { BatchArrays } from './step'

/** Makes a tensor of raw samples as the model takes them, float32 [count, ...shape]; runs inside a tidy. */
export type FeedSamples = (count: number, features: Uint8Array | Float32Array) => tf.Tensor

/** Raw samples on their way to the model: preparation happens on the engine. */
export const feedSamplesOf = (plan: PreparationPlan): FeedSamples => {
  const { features: prepare } = prepareTensors(plan)
  return (count, features) => prepare(rawTensor(count, features, plan))
}

/** Bytes become int32, the smallest whole numbers that every engine takes; the preparation makes float32 of them. */
const rawTensor = (
  count: number,
  features: Uint8Array | Float32Array,
  { sampleShape }: PreparationPlan
): tf.Tensor =>
  tf.tensor(features, [count, ...sampleShape], features instanceof Uint8Array ? 'int32' : 'float32')

/**
 * A batch in raw form as programs are fed with it; they prepare it. Class numbers are int32 [count]; numeric targets, and
 * shares of classes where samples were mixed, are float32 [count, …].
 */
export const fedOf = (
  { count, features, targets, weights, seed }: BatchArrays,
  sampleShape: readonly number[]
): Record<string, Fed> => ({
  features: { shape: [count, ...sampleShape], values: features },
  targets: {
    shape: targets instanceof Int32Array ? [count] : [count, targets.length / count],
    values: targets
  },
  seed: { shape: [2], values: Int32Array.from(seed) },
  ...(weights && { weights: { shape: [count], values: weights } })
})
