import * as tf from '@tensorflow/tfjs-core'
import { sizeOf, type LayerPlan, type ParameterPlan, type Tensors } from '../layer'

/** Keeps the norm of an all-zero kernel from being divided by; the square of any other norm that matters is larger. */
const SMALLEST_SQUARE = 1e-30

/**
 * A layer whose kernel is gain · v / ‖v‖, so that length and direction of the weights of each output are learned
 * apart (Salimans and Kingma, 2016). The kernel's own tensor is v; each gain starts as the norm of its v, so that the
 * first outputs are those of the layer without this.
 */
export function normalizeWeights(plan: LayerPlan): LayerPlan {
  return {
    ...plan,
    parameters: plan.parameters.flatMap((parameter) =>
      parameter.role === 'kernel' ? [parameter, gainOf(parameter)] : [parameter]
    ),
    apply: (x, own, mode, salt) =>
      plan.apply(x, { ...own, parameters: withNormalKernel(own.parameters) }, mode, salt)
  }
}

/** One gain for each output, which is the last axis of a kernel. */
function gainOf({ shape }: ParameterPlan): ParameterPlan {
  const outputs = shape[shape.length - 1]
  return {
    role: 'gain',
    shape: [outputs],
    fanIn: outputs,
    fanOut: outputs,
    initializer: ({ kernel }) => normsOf(kernel, outputs)
  }
}

function normsOf(kernel: Float32Array, outputs: number): Float32Array {
  const squares = new Float64Array(outputs)
  kernel.forEach((value, index) => (squares[index % outputs] += value * value))
  return Float32Array.from(squares, Math.sqrt)
}

function withNormalKernel({ kernel: v, gain, ...others }: Tensors): Tensors {
  const outputs = v.shape[v.shape.length - 1]
  const rows = tf.reshape(v, [sizeOf(v.shape) / outputs, outputs])
  const norms = tf.sqrt(tf.maximum(tf.sum(tf.square(rows), 0), SMALLEST_SQUARE))
  return { ...others, kernel: tf.reshape(tf.mul(rows, tf.div(gain, norms)), v.shape) }
}
