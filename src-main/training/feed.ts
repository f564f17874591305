import * as tf from '@tensorflow/tfjs-core'
import type { Prepared } from '../datasets/preparation'
import type { Feed } from './step'

/** Makes a tensor of raw samples as the model takes them, float32[count, ...featureShape]; runs inside a tidy. */
export type FeedSamples = (count: number, features: Float32Array) => tf.Tensor

/** Scaling happens here, on the engine, so that samples stay as small as they are stored. */
export const feedSamplesOf =
  (featureShape: readonly number[], prepared: Prepared): FeedSamples =>
  (count, features) =>
    scale(tf.tensor(features, [count, ...featureShape], 'float32'), prepared.features)

/**
 * Makes tensors of a batch. `targetSize` is the number of values in a numeric target; without it targets are class
 * numbers.
 */
export function feedOf(featureShape: readonly number[], prepared: Prepared, targetSize?: number): Feed {
  const feedSamples = feedSamplesOf(featureShape, prepared)
  return ({ count, features, targets, seed }) => ({
    features: feedSamples(count, features),
    targets:
      targetSize === undefined
        ? tf.tensor1d(targets, 'int32')
        : scale(tf.tensor(targets, [count, targetSize], 'float32'), prepared.targets),
    seed: tf.tensor1d(Int32Array.from(seed), 'int32')
  })
}

const scale = (tensor: tf.Tensor, { multiply, add }: { multiply: number; add: number }): tf.Tensor => {
  const multiplied = multiply === 1 ? tensor : tf.mul(tensor, tf.scalar(multiply))
  return add === 0 ? multiplied : tf.add(multiplied, tf.scalar(add))
}
