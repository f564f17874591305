import type { DataType } from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'

/** TensorFlow's number of a type of tfjs. */
export function typeOf({ binding }: NodeJSKernelBackend, type: DataType): number {
  const { TF_FLOAT, TF_INT32, TF_BOOL, TF_COMPLEX64, TF_STRING } = binding
  return { float32: TF_FLOAT, int32: TF_INT32, bool: TF_BOOL, complex64: TF_COMPLEX64, string: TF_STRING }[
    type
  ]
}
