import * as tf from '@tensorflow/tfjs-core'
import { isKernel, sizeOf, type LayerPlan, type ParameterPlan, type Tensors } from '../layer'

/** Keeps the norm of an all-zero kernel from being divided by; the square of any other norm that matters is larger. */
const SMALLEST_SQUARE = 1e-30

/**
 * A layer whose kernel is gain · v / ‖v‖, so that length and direction of the weights of each output are learned
 * apart (Salimans and Kingma, 2016). The kernel's own tensor is v; each gain starts as the norm of its v, so that the
 * first outputs are those of the layer without this. Of several kernels it is the last, which makes the outputs.
 */
export function normalizeWeights(plan: LayerPlan): LayerPlan {
  const outputs = plan.outputShape[plan.outputShape.length - 1]
  const kernel = plan.parameters.findLast(({ role }) => isKernel(role)) as ParameterPlan
  return {
    ...plan,
    parameters: plan.parameters.flatMap((parameter) =>
      parameter === kernel ? [kernel, planGain(kernel, outputs)] : [parameter]
    ),
    apply: (x, { parameters: { gain, ...others }, ...own }, mode, salt) => {
      const parameters: Tensors = { ...others, [kernel.role]: normalize(others[kernel.role], gain) }
      return plan.apply(x, { ...own, parameters }, mode, salt)
    }
  }
}

const planGain = ({ role }: ParameterPlan, outputs: number): ParameterPlan => ({
  role: 'gain',
  shape: [outputs],
  fanIn: outputs,
  fanOut: outputs,
  initializer: (before) => normsOf(before[role], outputs)
})

/** The last axes of a kernel count the outputs: one axis, or, where filters belong to channels, two. */
function normsOf(kernel: Float32Array, outputs: number): Float32Array {
  const squares = new Float64Array(outputs)
  kernel.forEach((value, index) => (squares[index % outputs] += value * value))
  return Float32Array.from(squares, Math.sqrt)
}

function normalize(v: tf.Tensor, gain: tf.Tensor): tf.Tensor {
  const [outputs] = gain.shape
  const rows = tf.reshape(v, [sizeOf(v.shape) / outputs, outputs])
  const norms = tf.sqrt(tf.maximum(tf.sum(tf.square(rows), 0), SMALLEST_SQUARE))
  return tf.reshape(tf.mul(rows, tf.div(gain, norms)), v.shape)
}
