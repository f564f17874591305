import * as tf from '@tensorflow/tfjs-core'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { replaceKernel } from '../replace'
import { addRows } from '../segment-sum'

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
      sums.fill(0)
      addRows(values, ids, sums, numSegments)
      return result
    }
  )
}
