import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import type { TensorMetadata, TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding'
import { handles } from '../handles'
import { borrowBinding } from './binding'
import type { TensorValues } from './graph'

/** One operation that TensorFlow executed; inputs and outputs are handles of the binding. */
export interface RecordedOperation {
  kind: 'operation'
  op: string
  attributes: TFEOpAttr[]
  inputs: number[]
  outputs: TensorMetadata[]
}

/** A tensor that JavaScript made. */
export interface RecordedConstant {
  kind: 'constant'
  id: number
  shape: number[]
  type: number
  values: TensorValues
}

/** Everything that happened on the native engine while a function ran. */
export interface Recording {
  entries: (RecordedOperation | RecordedConstant)[]
  /** Where JavaScript read a tensor: what it did with the numbers is not in the record. */
  reads: string[]
  /** Tensors that JavaScript had made before and that were first used now: their numbers look like constants. */
  foreign: number
}

/** The recording under way, if there is one; `undefined` also while an operation is recorded as one. */
let current: { binding: TFJSBinding; recording: Recording } | undefined

/** Runs a function eagerly and records what it does. The binding gives no handle twice. Not to be nested. */
export function record<Result>(
  backend: NodeJSKernelBackend,
  run: () => Result
): { result: Result; recording: Recording } {
  const plain = backend.binding
  const recording: Recording = { entries: [], reads: [], foreign: 0 }
  const isOn = (): boolean => current?.recording === recording

  const binding = borrowBinding(plain)
  binding.executeOp = (op, attributes, inputs, outputCount) => {
    const outputs = plain.executeOp(op, attributes, inputs, outputCount)
    if (isOn())
      recording.entries.push({
        kind: 'operation',
        op,
        attributes: attributes.map((each) => ({
          ...each,
          value: Array.isArray(each.value) ? [...each.value] : each.value
        })),
        inputs: [...inputs],
        outputs
      })
    return outputs
  }
  binding.createTensor = (shape, type, values) => {
    // TensorFlow may go on using JavaScript's memory, which its owner may change later.
    const copy = (values as TensorValues).slice()
    const id = plain.createTensor(shape, type, copy)
    recording.entries.push({ kind: 'constant', id, shape: [...shape], type, values: copy })
    return id
  }
  binding.tensorDataSync = (id) => {
    recording.reads.push(new Error().stack ?? '')
    return plain.tensorDataSync(id)
  }

  const inner = handles(backend)
  const made = new WeakSet<object>()
  const { move, getInputTensorIds } = inner
  inner.move = (dataId, ...rest) => {
    made.add(dataId)
    move.call(backend, dataId, ...rest)
  }
  inner.getInputTensorIds = (tensors) => {
    for (const { dataId } of tensors)
      if (dataId && inner.tensorMap.get(dataId).values !== null && !made.has(dataId)) recording.foreign++
    return getInputTensorIds.call(backend, tensors)
  }

  backend.binding = binding
  current = { binding: plain, recording }
  try {
    return { result: run(), recording }
  } finally {
    current = undefined
    backend.binding = plain
    Object.assign(inner, { move, getInputTensorIds })
  }
}

/**
 * Computes something that stands in a record as one operation of our own, `op`, which the graph writes in a better
 * way than kernel after kernel. Without a recording under way it only computes.
 */
export function recordAsOne(
  op: string,
  attributes: TFEOpAttr[],
  inputs: number[],
  compute: () => TensorMetadata[]
): TensorMetadata[] {
  const paused = current
  current = undefined
  try {
    const outputs = compute()
    paused?.recording.entries.push({ kind: 'operation', op, attributes, inputs, outputs })
    return outputs
  } finally {
    current = paused
  }
}
