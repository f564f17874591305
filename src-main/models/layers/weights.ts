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
  const kernel: ParameterPlan = { role: 'kernel', shape, fanIn, fanOut, initializer: options.initializer }
  return [kernel, ...planBias(options, shape[shape.length - 1])]
}

/** The bias of a layer, if wanted; a vector's fans are its length, as in Keras. */
export const planBias = (
  options: { biasInitializer: Initializer; useBias: boolean },
  outputs: number
): ParameterPlan[] =>
  options.useBias
    ? [
        {
          role: 'bias',
          shape: [outputs],
          fanIn: outputs,
          fanOut: outputs,
          initializer: options.biasInitializer
        }
      ]
    : []

/** Adds a bias to the last axis; a layer without bias stays as it is. */
export const addBias = (x: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor => (bias ? tf.add(x, bias) : x)
