import type { Tensor } from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import type { TensorMetadata } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding'

/** What tfjs-node keeps to itself: the way between its tensors and the handles of TensorFlow's. */
export interface Handles {
  getInputTensorIds(tensors: Tensor[]): number[]
  /** Takes values that JavaScript made; TensorFlow gets them when they are first used. */
  move(dataId: object, ...rest: unknown[]): void
  tensorMap: { get(dataId: object): { values: unknown } }
  createOutputTensor(result: TensorMetadata): Tensor
}
/** The same backend with what it keeps to itself. */
export const handles = (backend: NodeJSKernelBackend): Handles => backend as unknown as Handles

/** Handles of tensors; values that JavaScript still held are given to TensorFlow. */
/** The same backend with what it keeps to itself. */
export const handlesOf = (backend: NodeJSKernelBackend, tensors: readonly Tensor[]): number[] =>
  handles(backend).getInputTensorIds([...tensors])

/** A result of TensorFlow as a tensor, without a copy. @throws Error for a type that tfjs does not know */
export const tensorOf = (backend: NodeJSKernelBackend, result: TensorMetadata): Tensor =>
  handles(backend).createOutputTensor(result)
