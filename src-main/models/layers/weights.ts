import * as tf from '@tensorflow/tfjs-core'
import type { Initializer } from '#contract/vocabulary'
import type { ParameterPlan } from '../layer'

/** Kernel and, if wanted, bias of a layer; the last axis of the kernel counts the outputs. */
export function planWeights(
  options: { initializer: Initializer; biasInitializer: Initializer; useBias: boolean },
  shape: number[],
  fanIn: number,
  fanOut: number
): ParameterPlan[] {
  const outputs = shape[shape.length - 1]
  const kernel: ParameterPlan = { role: 'kernel', shape, fanIn, fanOut, initializer: options.initializer }
  if (!options.useBias) return [kernel]
  // A vector's fans are its length, as in Keras.
  const fans = { fanIn: outputs, fanOut: outputs }
  return [kernel, { role: 'bias', shape: [outputs], ...fans, initializer: options.biasInitializer }]
}

/** Adds a bias to the last axis; a layer without bias stays as it is. */
export const addBias = (x: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor => (bias ? tf.add(x, bias) : x)
