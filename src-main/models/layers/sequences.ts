import * as tf from '@tensorflow/tfjs-core'
import { Failure } from '#contract/failure'
import { showShape, type Place } from '../layer'
import { planWindows, type Windows } from './windows'

/**
 * Length and number of features of the sequences that reach a layer.
 * @throws Failure `model.sequenceInput`.
 */
export function sequenceOf({ name, inputShape, from }: Place): [length: number, features: number] {
  if (inputShape.length !== 2)
    throw new Failure('model.sequenceInput', { layer: name, found: showShape(inputShape), from })
  return [inputShape[0], inputShape[1]]
}

/**
 * How a window moves along the sequences that reach a layer, as if they were images of one row.
 * @throws Failure `model.sequenceInput`, `model.windowTooLarge`.
 */
export function planAlong(place: Place, size: number, stride: number, padding: 'valid' | 'same'): Windows {
  const [length, features] = sequenceOf(place)
  if (padding === 'valid' && size > length)
    throw new Failure('model.windowTooLarge', {
      layer: place.name,
      window: size,
      found: showShape(place.inputShape),
      from: place.from
    })
  return planWindows({ ...place, inputShape: [1, length, features] }, [1, size], [1, stride], padding)
}

/** Sequences [batch, length, features] as images of one row. */
export const asImages = (x: tf.Tensor): tf.Tensor4D => tf.expandDims(x, 1)

/** Images of one row as sequences. */
export const asSequences = (x: tf.Tensor): tf.Tensor => tf.squeeze(x, [1])
