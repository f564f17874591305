import * as tf from '@tensorflow/tfjs-core'
import { replaceKernel } from './replace'

/**
 * Sums rows that have the same segment id, the gradient of a table of embeddings; rows with a negative id are left
 * out. tfjs-backend-cpu compares every row with every segment, which takes seconds where there are thousands.
 * Shapes: x [rows, …], segmentIds int32 [rows], result [numSegments, …].
 */
export function registerSegmentSum(backendName: string): void {
  replaceKernel<tf.UnsortedSegmentSumInputs, tf.UnsortedSegmentSumAttrs>(
    tf.UnsortedSegmentSum,
    backendName,
    ({ inputs: { x, segmentIds }, attrs: { numSegments }, ...call }) => {
      const backend = call.backend as tf.KernelBackend
      const values = backend.readSync(x.dataId) as Float32Array
      const ids = backend.readSync(segmentIds.dataId) as Int32Array
      const shape = [numSegments, ...x.shape.slice(1)]
      const sums = new Float32Array(tf.util.sizeFromShape(shape))
      addRows(values, ids, sums, numSegments)
      return tf.tensor(sums, shape, x.dtype)
    }
  )
}

/** Adds each row of values to the sum of its segment. */
export function addRows(
  values: ArrayLike<number>,
  ids: ArrayLike<number>,
  sums: { [index: number]: number; length: number },
  segments: number
): void {
  const length = sums.length / segments
  for (let row = 0; row < ids.length; row++) {
    if (ids[row] < 0 || ids[row] >= segments) continue
    const to = ids[row] * length
    for (let i = 0; i < length; i++) sums[to + i] += values[row * length + i]
  }
}
