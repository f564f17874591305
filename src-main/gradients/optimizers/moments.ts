import * as tf from '@tensorflow/tfjs-core'
import { mapTensors, withoutPrefix, withPrefix, zerosFor, type Tensors } from '../tensors'

/** Running means of gradients and of their squares. */
export interface Moments {
  mean: Tensors
  meanSquare: Tensors
}

/** Moments before the first gradient, as a state. */
export const startMoments = (parameters: Tensors): Tensors =>
  stateOf({ mean: zerosFor(parameters), meanSquare: zerosFor(parameters) })

/** The moments that a state holds. */
export const momentsOf = (state: Tensors): Moments => ({
  mean: withoutPrefix('mean', state),
  meanSquare: withoutPrefix('meanSquare', state)
})

/** A state that holds moments. */
export const stateOf = ({ mean, meanSquare }: Moments): Tensors => ({
  ...withPrefix('mean', mean),
  ...withPrefix('meanSquare', meanSquare)
})

/** Moments with new gradients, which count with these shares: m ← m + share·(g − m), v ← v + share·(g² − v). */
export const moveMoments = (
  old: Moments,
  gradients: Tensors,
  share: { mean: number | tf.Scalar; meanSquare: number | tf.Scalar }
): Moments => ({
  mean: mapTensors(gradients, (g, name) => approach(old.mean[name], g, share.mean)),
  meanSquare: mapTensors(gradients, (g, name) =>
    approach(old.meanSquare[name], tf.square(g), share.meanSquare)
  )
})

/** An average that moves by a share of its distance to a new value. */
const approach = (average: tf.Tensor, value: tf.Tensor, share: number | tf.Scalar): tf.Tensor =>
  tf.add(average, tf.mul(tf.sub(value, average), share))
