import * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import { replaceGradient, replaceKernel } from './replace'

/**
 * The kernel by which an engine normalizes images by their batch in one operation, where it has one:
 * `tf.engine().runKernel(BATCH_NORMALIZATION, { x, gain, offset }, { epsilon })` gives [y, mean, variance, …], x and y
 * being [batch, height, width, channels], the others [channels], and the variance the biased one. Gradients pass
 * through y alone.
 */
export const BATCH_NORMALIZATION = 'BatchNormalization'

interface Inputs {
  x: tf.Tensor
  gain: tf.Tensor
  offset: tf.Tensor
}
interface Attributes {
  epsilon: number
}

/** Registers it for the native engine: forward and backward are one operation of TensorFlow each. */
export function registerBatchNormalization(backendName: string): void {
  replaceKernel<Inputs, Attributes>(
    BATCH_NORMALIZATION,
    backendName,
    ({ inputs: { x, gain, offset }, attrs: { epsilon }, ...call }) => {
      const backend = call.backend as NodeJSKernelBackend
      const count = tf.util.sizeFromShape(x.shape.slice(0, -1))
      const results = tf.tidy(() => {
        const none = tf.tensor1d([], 'float32')
        const [y, mean, variance, ...kept] = backend.executeMultipleOutputs(
          'FusedBatchNormV3',
          attributesOf(backend, epsilon),
          [x, gain, offset, none, none],
          6
        )
        // TensorFlow gives the variance of the whole that the batch is drawn from (Bessel's correction).
        return [y, mean, tf.mul(variance, Math.max(count - 1, 1) / count), ...kept]
      })
      return results as unknown as tf.TensorInfo
    }
  )
  replaceGradient({
    kernelName: BATCH_NORMALIZATION,
    inputsToSave: ['x', 'gain'],
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (towards, [x, gain, ...kept], attributes) => {
      const backend = tf.backend() as NodeJSKernelBackend
      const { epsilon } = attributes as unknown as Attributes
      const [dy] = towards as tf.Tensor[]
      const results = backend.executeMultipleOutputs(
        'FusedBatchNormGradV3',
        attributesOf(backend, epsilon),
        [dy, x, gain, ...kept],
        5
      )
      return { x: () => results[0], gain: () => results[1], offset: () => results[2] }
    }
  })
}

function attributesOf({ binding }: NodeJSKernelBackend, epsilon: number) {
  const { TF_ATTR_TYPE, TF_ATTR_FLOAT, TF_ATTR_STRING, TF_ATTR_BOOL, TF_FLOAT } = binding
  return [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'U', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'epsilon', type: TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: TF_ATTR_BOOL, value: true }
  ]
}
