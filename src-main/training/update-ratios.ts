import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { layersOf, type ParameterTable } from '#contract/model'
import { normsIn } from '../gradients/guard'
import { measureNorms } from '../health/measure'

/** How far a step may move each layer, and which tensors a layer has. */
export interface MoveLimit {
  /** Largest norm of an update, as a multiple of that of the weights. */
  largest: number
  /** Places of the tensors of each layer. */
  layers: readonly (readonly number[])[]
}

/** The limit of an experiment over some parameters; undefined where it has none. */
export const moveLimit = (parameters: ParameterTable, largest: number | undefined): MoveLimit | undefined =>
  largest === undefined
    ? undefined
    : {
        largest,
        layers: layersOf(parameters).map((layer) =>
          parameters.flatMap((parameter, place) => (parameter.layer === layer ? [place] : []))
        )
      }

/**
 * Of each layer, the norm of its update over that of its weights, [layers], from the norms of its tensors, [tensors]
 * each. A layer is taken as a whole, because a bias that has just left zero always moves by its own size. Tensors that are
 * zero are exempt: they must be able to leave it; a layer of nothing else has 0.
 */
export function updateRatios(updates: Tensor, weights: Tensor, { layers }: MoveLimit): Tensor {
  const counted = tf.where(tf.greater(weights, 0), updates, tf.zerosLike(updates))
  const [moves, sizes] = [counted, weights].map((norms) => {
    const each = tf.unstack(norms)
    return normsIn(measureNorms(layers.map((places) => tf.stack(places.map((place) => each[place])))))
  })
  return tf.divNoNan(moves, sizes)
}
