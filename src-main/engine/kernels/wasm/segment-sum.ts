import * as tf from '@tensorflow/tfjs-core'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { replaceKernel } from '../replace'

/**
 * Sums rows that have the same segment id, which tfjs-backend-wasm lacks; rows with a negative id are left out.
 * Shapes: x [rows, …], segmentIds int32 [rows], result [numSegments, …].
 */
export function registerSegmentSum(backendName: string): void {
  replaceKernel<tf.UnsortedSegmentSumInputs, tf.UnsortedSegmentSumAttrs>(
    tf.UnsortedSegmentSum,
    backendName,
    (call) => {
      const { x, segmentIds } = call.inputs
      const { numSegments } = call.attrs
      const backend = call.backend as BackendWasm
      const result = backend.makeOutput([numSegments, ...x.shape.slice(1)], x.dtype)
      const sums = backend.typedArrayFromHeap(result)
      const values = backend.typedArrayFromHeap(x)
      const ids = backend.typedArrayFromHeap(segmentIds)
      const rowLength = tf.util.sizeFromShape(x.shape.slice(1))
      sums.fill(0)
      for (let row = 0; row < ids.length; row++) {
        if (ids[row] < 0 || ids[row] >= numSegments) continue
        const to = ids[row] * rowLength
        for (let i = 0; i < rowLength; i++) sums[to + i] += values[row * rowLength + i]
      }
      return result
    }
  )
}
