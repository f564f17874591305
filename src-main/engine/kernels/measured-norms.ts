import * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import type { TensorMetadata } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding'
import { DataType } from '../compile/graph'
import { LARGEST_SCALE, MEASURED_NORMS, SMALLEST_SCALE } from '../compile/measured-norms'
import { recordAsOne } from '../compile/record'
import { handlesOf, tensorOf } from '../handles'
import { replaceKernel } from './replace'

/**
 * Registers the kernel with which the native engine measures norms: `tf.engine().runKernel('MeasuredNorms', tensors)`
 * gives float32[2 · tensors], for each tensor a scale and a rest whose product is its Euclidean norm. Sums of squares
 * are taken in 64 bits, where neither 1e-37 nor 1e37 squared is lost. In a compiled step it is one operation of ours.
 */
export function registerMeasuredNorms(backendName: string): void {
  replaceKernel<Record<string, tf.Tensor>, object>(MEASURED_NORMS, backendName, (call) => {
    const backend = call.backend as NodeJSKernelBackend
    const tensors = Object.values(call.inputs)
    const ids = handlesOf(backend, tensors)
    const sizes = tensors.map(({ shape }) => tf.util.sizeFromShape(shape))
    const about = [{ name: 'sizes', type: backend.binding.TF_ATTR_INT, value: sizes }]
    const [pairs] = recordAsOne(MEASURED_NORMS, about, ids, () => [measure(backend, ids)])
    return tensorOf(backend, pairs)
  })
}

/** 64-bit tensors are unknown to tfjs, so the operations are called by handle, and every handle is freed here. */
function measure({ binding }: NodeJSKernelBackend, tensors: readonly number[]): TensorMetadata {
  const made: number[] = []
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value })
  const int = (name: string, value: number) => ({ name, type: binding.TF_ATTR_INT, value })
  const double = type('T', DataType.double)
  const run = (op: string, attributes: Parameters<typeof binding.executeOp>[1], inputs: number[]): number => {
    const [{ id }] = binding.executeOp(op, attributes, inputs, 1)
    made.push(id)
    return id
  }
  const cast = (id: number, from: number, to: number) =>
    [
      'Cast',
      [type('SrcT', from), type('DstT', to), { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false }],
      [id]
    ] as const
  const widen = (id: number): number => {
    const [op, attributes, inputs] = cast(id, DataType.float, DataType.double)
    return run(op, [...attributes], [...inputs])
  }
  const made32 = (values: Float32Array | Int32Array, shape: number[]): number => {
    const id = binding.createTensor(
      shape,
      values instanceof Int32Array ? binding.TF_INT32 : binding.TF_FLOAT,
      values
    )
    made.push(id)
    return id
  }
  try {
    const halves = tensors.map((id) => run('L2Loss', [double], [widen(id)]))
    const half = run('Pack', [double, int('N', halves.length), int('axis', 0)], halves)
    const norm = run('Sqrt', [double], [run('AddV2', [double], [half, half])])
    const [smallest, largest] = [SMALLEST_SCALE, LARGEST_SCALE].map((limit) =>
      widen(made32(Float32Array.of(limit), []))
    )
    const scale = run('Minimum', [double], [run('Maximum', [double], [norm, smallest]), largest])
    const rest = run('Div', [double], [norm, scale])
    const pairs = run('Pack', [double, int('N', 2), int('axis', 1)], [scale, rest])
    const flat = run(
      'Reshape',
      [double, type('Tshape', DataType.int32)],
      [pairs, made32(Int32Array.of(-1), [1])]
    )
    const [op, attributes, inputs] = cast(flat, DataType.double, DataType.float)
    return binding.executeOp(op, [...attributes], [...inputs], 1)[0]
  } finally {
    for (const id of made) binding.deleteTensor(id)
  }
}
