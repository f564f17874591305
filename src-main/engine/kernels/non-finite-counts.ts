import * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import { DataType } from '../compile/graph'
import { NON_FINITE_COUNTS } from '../compile/non-finite-counts'
import { recordAsOne } from '../compile/record'
import { handlesOf, tensorOf } from '../handles'
import { replaceKernel } from './replace'

/** A tensor, and its counts as they were composed: how many are NaN, how many Inf, [2]. */
interface Inputs {
  x: tf.Tensor
  composed: tf.Tensor
}

/**
 * Registers the kernel that gives how many elements of a tensor are NaN and how many Inf: eagerly those that were
 * composed. In a compiled step it is one operation of ours, which counts only where there is something to count.
 */
export function registerNonFiniteCounts(backendName: string): void {
  replaceKernel<Inputs, object>(NON_FINITE_COUNTS, backendName, ({ backend: given, inputs }) => {
    const backend = given as NodeJSKernelBackend
    const { binding } = backend
    const [x, composed] = handlesOf(backend, [inputs.x, inputs.composed])
    const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: DataType.float }
    // The same values under a handle of their own, which nothing else in the record explains.
    const size = tf.util.sizeFromShape(inputs.x.shape)
    const about = [{ name: 'size', type: binding.TF_ATTR_INT, value: size }]
    const [counts] = recordAsOne(NON_FINITE_COUNTS, about, [x], () =>
      binding.executeOp('Identity', [type], [composed], 1)
    )
    return tensorOf(backend, counts)
  })
}
