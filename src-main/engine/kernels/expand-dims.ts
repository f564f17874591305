import * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import { replaceKernel } from './replace'
import { typeOf } from './type-of'

/** A new axis of length 1. tfjs-node leaves out the types, which TensorFlow finds by itself, but not in a graph. */
export function registerExpandDims(backendName: string): void {
  replaceKernel<tf.ExpandDimsInputs, tf.ExpandDimsAttrs>(
    tf.ExpandDims,
    backendName,
    ({ inputs: { input }, attrs, ...call }) => {
      const backend = call.backend as NodeJSKernelBackend
      const { TF_ATTR_TYPE, TF_INT32 } = backend.binding
      return tf.tidy(() =>
        backend.executeSingleOutput(
          tf.ExpandDims,
          [
            { name: 'T', type: TF_ATTR_TYPE, value: typeOf(backend, input.dtype) },
            { name: 'Tdim', type: TF_ATTR_TYPE, value: TF_INT32 }
          ],
          [input, tf.scalar(attrs.dim, 'int32')]
        )
      )
    }
  )
}
