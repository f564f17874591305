import * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import { registerActivationGradients } from './activation-gradients'
import { registerBatchNormalization } from './batch-normalization'
import { registerExpandDims } from './expand-dims'
import { registerFusedUpdate } from './fused-update'
import { registerGather } from './gather'
import { registerMatrixProduct } from './matrix-product'
import { registerMeasuredNorms } from './measured-norms'
import { registerNonFiniteCounts } from './non-finite-counts'
import { replaceKernel } from './replace'
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
  registerActivationGradients(backendName)
  registerMeasuredNorms(backendName)
  registerNonFiniteCounts(backendName)
  registerFusedUpdate(backendName)
  registerMatrixProduct(backendName)
  registerExpandDims(backendName)
  registerGather(backendName)
  registerBatchNormalization(backendName)
}
