import * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import { replaceKernel } from './replace'

/** A product with a transposed second matrix of so many columns and elements is faster as one of batches. */
const BATCHED_FROM = { columns: 256, elements: 131_072 }

/**
 * Products of two matrices by TensorFlow's operation for those. tfjs-node takes the one for batches of matrices always,
 * which is four times as slow for small ones, such as those of a recurrent layer. With a large transposed matrix, as in
 * the gradient of a wide dense layer, that one takes half to three quarters of the time.
 */
export function registerMatrixProduct(backendName: string): void {
  const batched = tf.getKernel(tf.BatchMatMul, backendName).kernelFunc
  replaceKernel<tf.BatchMatMulInputs, tf.BatchMatMulAttrs>(tf.BatchMatMul, backendName, (call) => {
    const { a, b } = call.inputs
    const backend = call.backend as NodeJSKernelBackend
    const isSimple = a.shape.length === 2 && b.shape.length === 2 && a.dtype === 'float32'
    if (!isSimple || (call.attrs.transposeB && isBatched(b.shape)))
      return batched({ inputs: { a, b }, backend, attrs: { ...call.attrs } }) as tf.TensorInfo
    const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_FLOAT } = backend.binding
    return backend.executeSingleOutput(
      'MatMul',
      [
        { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
        { name: 'transpose_a', type: TF_ATTR_BOOL, value: call.attrs.transposeA },
        { name: 'transpose_b', type: TF_ATTR_BOOL, value: call.attrs.transposeB }
      ],
      [a, b]
    )
  })
}

const isBatched = ([rows, columns]: readonly number[]): boolean =>
  columns >= BATCHED_FROM.columns && rows * columns >= BATCHED_FROM.elements
