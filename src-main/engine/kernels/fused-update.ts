import type * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import { DataType } from '../compile/graph'
import { FUSED_UPDATE, type FusedRule } from '../compile/fused-update'
import { recordAsOne } from '../compile/record'
import { handlesOf, tensorOf } from '../handles'
import { replaceKernel } from './replace'

/** Inputs besides the slots, `slot/<n>`, and what was computed kernel after kernel, `composed/<n>`: the weight, then slots. */
interface Inputs extends Record<string, tf.Tensor | undefined> {
  accepted: tf.Tensor
  gradient: tf.Tensor
  weight: tf.Tensor
  rate: tf.Tensor
  /** How much of the last movement is kept: momentum, or beta1. */
  kept?: tf.Tensor
  /** By which share of itself a weight shrinks besides. */
  shrinkage?: tf.Tensor
}
interface Attributes {
  rule: FusedRule
  /** Fixed numbers of the rule, such as `beta2`. */
  numbers: Record<string, number>
}

/**
 * Registers the kernel by which the native engine writes what an optimizer says in one operation. It gives the new
 * weight and the new slots; eagerly those that were composed. In a compiled step, where weight and slots must be tensors
 * of the state, it is TensorFlow's own operation on the variables, held back where the step is not `accepted`: what
 * it gives is then the old values.
 */
export function registerFusedUpdate(backendName: string): void {
  replaceKernel<Inputs, Attributes>(FUSED_UPDATE, backendName, (call) => {
    const backend = call.backend as NodeJSKernelBackend
    const { binding } = backend
    const inputs = call.inputs as Inputs
    const { accepted, gradient, rate, kept, shrinkage, weight } = inputs
    const numbered = (prefix: string): tf.Tensor[] =>
      Object.keys(inputs)
        .filter((name) => name.startsWith(`${prefix}/`))
        .map((name) => inputs[name] as tf.Tensor)
    const from = [
      ...[accepted, gradient, rate, kept, shrinkage].filter((input) => input !== undefined),
      weight,
      ...numbered('slot')
    ]
    const attributes = [
      { name: 'rule', type: binding.TF_ATTR_STRING, value: call.attrs.rule },
      { name: 'isKeeping', type: binding.TF_ATTR_BOOL, value: kept !== undefined },
      { name: 'isShrinking', type: binding.TF_ATTR_BOOL, value: shrinkage !== undefined },
      ...Object.entries(call.attrs.numbers).map(([name, value]) => ({
        name,
        type: binding.TF_ATTR_FLOAT,
        value
      }))
    ]
    const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: DataType.float }
    const composed = handlesOf(backend, numbered('composed'))
    // The same values under handles of their own, which nothing else in the record explains.
    const results = recordAsOne(FUSED_UPDATE, attributes, handlesOf(backend, from), () =>
      composed.flatMap((id) => binding.executeOp('Identity', [type], [id], 1))
    )
    return results.map((result) => tensorOf(backend, result)) as unknown as tf.TensorInfo
  })
}
