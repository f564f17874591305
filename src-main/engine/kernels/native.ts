import * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import { registerBatchNormalization } from './batch-normalization'
import { registerExpandDims } from './expand-dims'
import { registerGather } from './gather'
import { registerMeasuredNorms } from './measured-norms'
import { replaceGradient, replaceKernel } from './replace'
import {
  STATELESS_UNIFORM,
  type StatelessUniformAttributes,
  type StatelessUniformInputs
} from './stateless-uniform'

/** Registers what the native engine computes with TensorFlow's own operations, beyond tfjs-node's kernels. */
export function registerNativeKernels(backendName: string): void {
  replaceKernel<StatelessUniformInputs, StatelessUniformAttributes>(
    STATELESS_UNIFORM,
    backendName,
    (call) => {
      const backend = call.backend as NodeJSKernelBackend
      return tf.tidy(() => {
        const seed = tf.add(call.inputs.seed, tf.tensor1d([0, call.attrs.salt | 0], 'int32'))
        const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding
        return backend.executeSingleOutput(
          STATELESS_UNIFORM,
          [
            { name: 'dtype', type: TF_ATTR_TYPE, value: TF_FLOAT },
            { name: 'T', type: TF_ATTR_TYPE, value: TF_INT32 },
            { name: 'Tseed', type: TF_ATTR_TYPE, value: TF_INT32 }
          ],
          [tf.tensor1d(call.attrs.shape, 'int32'), seed]
        )
      })
    }
  )
  useReluGradient(backendName)
  registerMeasuredNorms(backendName)
  registerExpandDims(backendName)
  registerGather(backendName)
  registerBatchNormalization(backendName)
}

/**
 * TensorFlow's own gradient of ReLU takes the output, so that the input need not be kept, and is one operation
 * instead of three: about a tenth of a training step of a small convolutional network.
 */
function useReluGradient(backendName: string): void {
  const composed = tf.getGradient(tf.Relu).gradFunc
  replaceGradient({
    kernelName: tf.Relu,
    outputsToSave: [true],
    gradFunc: (dy, [output], attributes) => {
      // The table of gradients is one for all engines, and the output is positive exactly where the input is.
      if (tf.getBackend() !== backendName) return composed(dy, [output], attributes)
      const backend = tf.backend() as NodeJSKernelBackend
      const type = { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT }
      return { x: () => backend.executeSingleOutput('ReluGrad', [type], [dy as tf.Tensor, output]) }
    }
  })
}
