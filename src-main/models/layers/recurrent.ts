import * as tf from '@tensorflow/tfjs-core'
import type { LayerOf } from '#contract/vocabulary'
import type { LayerPlan, ParameterPlan, Place, Tensors } from '../layer'
import { sequenceOf } from './sequences'
import { runThroughTime, type Cell } from './through-time'
import { addBias } from './weights'

/** The options of every layer that goes through sequences. */
export type RecurrentOptions = Omit<LayerOf<'simpleRnn' | 'lstm' | 'gru'>, 'use'>

/** What tells one recurrent layer from another. */
export interface RecurrentPart {
  cell: Cell
  /** How many values it computes for each unit at each step, by kernels [features, gates · units]. */
  gates: number
  bias: ParameterPlan[]
  /** The bias of the inputs, and that of the product with the output of the step before. */
  biasesOf(parameters: Tensors): { input?: tf.Tensor | undefined; recurrent?: tf.Tensor | undefined }
}

/**
 * A layer that goes through sequences step by step. Kernels are those of Keras, [features, gates · units] and
 * [units, gates · units]; the inputs of all steps are multiplied with theirs at once.
 * @throws Failure `model.sequenceInput`.
 */
export function planRecurrent(
  { units, returnSequences, initializer, recurrentInitializer }: RecurrentOptions,
  place: Place,
  { cell, gates, bias, biasesOf }: RecurrentPart
): LayerPlan {
  const [length, features] = sequenceOf(place)
  const width = gates * units
  return {
    outputShape: returnSequences ? [length, units] : [units],
    parameters: [
      { role: 'kernel', shape: [features, width], fanIn: features, fanOut: width, initializer },
      {
        role: 'recurrentKernel',
        shape: [units, width],
        fanIn: units,
        fanOut: width,
        initializer: recurrentInitializer
      },
      ...bias
    ],
    state: [],
    multiplyAdds: length * (features + units) * width,
    apply(x, { parameters }) {
      const { kernel, recurrentKernel } = parameters
      const { input, recurrent } = biasesOf(parameters)
      const [batch] = x.shape
      const rows = tf.reshape(tf.transpose(x, [1, 0, 2]), [length * batch, features])
      const inputs = tf.reshape(addBias(tf.matMul(rows, kernel), input), [length, batch, width])
      const weights = { kernel: recurrentKernel, bias: recurrent }
      return { output: runThroughTime(cell, inputs, weights, returnSequences) }
    }
  }
}
