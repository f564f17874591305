import * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import { replaceKernel } from './replace'
import { typeOf } from './type-of'

/**
 * Rows of a tensor by their numbers. tfjs-node reads the numbers first to check their range, which forbids compiling
 * the step; on processors TensorFlow's own operation checks them itself.
 */
export function registerGather(backendName: string): void {
  replaceKernel<tf.GatherV2Inputs, tf.GatherV2Attrs>(
    tf.GatherV2,
    backendName,
    ({ inputs: { x, indices }, attrs, ...call }) => {
      const backend = call.backend as NodeJSKernelBackend
      const { TF_ATTR_TYPE, TF_ATTR_INT, TF_INT32 } = backend.binding
      return tf.tidy(() =>
        backend.executeSingleOutput(
          tf.GatherV2,
          [
            { name: 'batch_dims', type: TF_ATTR_INT, value: attrs.batchDims },
            { name: 'Tparams', type: TF_ATTR_TYPE, value: typeOf(backend, x.dtype) },
            { name: 'Tindices', type: TF_ATTR_TYPE, value: TF_INT32 },
            { name: 'Taxis', type: TF_ATTR_TYPE, value: TF_INT32 }
          ],
          [x, indices, tf.scalar(attrs.axis, 'int32')]
        )
      )
    }
  )
}
