import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import {
  inverseOf,
  type Affine,
  type Operation,
  type OperationOf,
  type PreparationPlan
} from '#contract/preparation'
import { LUMA } from '../datasets/preparation/apply'

/** A run's preparation on the engine, as pure functions over raw tensors: part of the step. */
export interface TensorPreparation {
  /** Raw features of any type, [count, ...sampleShape], as the model takes them, float32 [count, ...shape]. */
  features(raw: Tensor): Tensor
  /** Numeric targets in the units that the model is trained in; class numbers and shares of classes as they are. */
  targets(raw: Tensor): Tensor
  /** Mean absolute error in raw units of outputs against prepared targets; absent where targets are classes. */
  error?: (outputs: Tensor, targets: Tensor) => Scalar
}

/** The tensor operations of a plan; they give what `datasets/preparation/apply` gives. */
export function prepareTensors({ features, targets }: PreparationPlan): TensorPreparation {
  return {
    features: (raw) =>
      features.reduce((values, operation) => applyTo(values, operation), tf.cast(raw, 'float32') as Tensor),
    targets: (raw) => (targets ? applyAffine(raw, targets) : raw),
    ...(targets && { error: (outputs, prepared) => rawError(outputs, prepared, targets) })
  }
}

function applyTo(values: Tensor, operation: Operation): Tensor {
  switch (operation.use) {
    case 'affine':
      return applyAffine(values, operation)
    case 'fill':
      return tf.where(tf.isFinite(values), values, spread(operation.values, values))
    case 'clip': {
      // Comparisons leave NaN as it is, on every engine.
      const [lowest, highest] = [spread(operation.lowest, values), spread(operation.highest, values)]
      const raised = tf.where(tf.less(values, lowest), lowest, values)
      return tf.where(tf.greater(raised, highest), highest, raised)
    }
    case 'oneHot':
      return oneHot(values, operation)
    case 'resize': {
      const { height, width } = operation
      return tf.image.resizeBilinear(values as tf.Tensor4D, [height, width], false, true)
    }
    case 'grayscale':
      return tf.sum(tf.mul(values, tf.tensor1d([...LUMA])), -1, true)
    case 'repeat':
      return tf.tile(values, [1, 1, 1, operation.channels])
  }
}

/** What changes nothing is left out. */
function applyAffine(values: Tensor, { subtract, multiply }: Affine): Tensor {
  const moved = subtract.every((each) => each === 0) ? values : tf.sub(values, constant(subtract))
  return multiply.every((each) => each === 1) ? moved : tf.mul(moved, constant(multiply))
}

const constant = (numbers: readonly number[]): Tensor =>
  numbers.length === 1 ? tf.scalar(numbers[0]) : tf.tensor1d([...numbers])

/** Numbers of the last axis in the shape of a tensor, because a choice does not spread them by itself. */
const spread = (numbers: readonly number[], like: Tensor): Tensor =>
  tf.add(tf.zerosLike(like), constant(numbers))

/** Columns that stay are taken together, as far as they stand beside each other. */
function oneHot(values: Tensor, { sizes }: OperationOf<'oneHot'>): Tensor {
  const count = values.shape[0]
  const parts: Tensor[] = []
  for (let column = 0; column < sizes.length;) {
    if (sizes[column] > 0) {
      const own = tf.slice(values, [0, column], [count, 1])
      parts.push(tf.cast(tf.equal(own, tf.range(0, sizes[column])), 'float32'))
      column++
    } else {
      const next = sizes.findIndex((size, place) => place > column && size > 0)
      const end = next < 0 ? sizes.length : next
      parts.push(tf.slice(values, [0, column], [count, end - column]))
      column = end
    }
  }
  return parts.length === 1 ? parts[0] : tf.concat(parts, 1)
}

function rawError(outputs: Tensor, prepared: Tensor, targets: Affine): Scalar {
  const apart = tf.abs(tf.sub(outputs, tf.reshape(prepared, outputs.shape)))
  return tf.mean(tf.mul(apart, constant(inverseOf(targets).scale.map(Math.abs))))
}
