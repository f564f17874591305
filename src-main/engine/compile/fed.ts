import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { DataType, type TensorValues } from './graph'

/** An input as plain values. Bytes are fed as bytes and become int32 in the graph, as they do eagerly. */
export interface Fed {
  shape: readonly number[]
  values: TensorValues
}

/** The shape and type of an input in the graph; a number is a scalar. */
export function describe(value: Fed | number): { shape: readonly number[]; type: number } {
  if (typeof value === 'number') return { shape: [], type: DataType.float }
  const { shape, values } = value
  if (values instanceof Uint8Array) return { shape, type: DataType.uint8 }
  return { shape, type: values instanceof Int32Array ? DataType.int32 : DataType.float }
}

/** An input as a program sees it eagerly: bytes as int32, the smallest whole numbers that tfjs knows. */
export function eagerTensor(value: Fed | number): Tensor {
  if (typeof value === 'number') return tf.scalar(value)
  const { shape, values } = value
  return tf.tensor(values, [...shape], values instanceof Float32Array ? 'float32' : 'int32')
}

/** The type of a tensor in the graph. */
export function typeOf(dtype: tf.DataType): number {
  if (dtype === 'bool') return DataType.bool
  return dtype === 'int32' ? DataType.int32 : DataType.float
}
