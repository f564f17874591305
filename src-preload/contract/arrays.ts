import { z } from 'zod'

/** Schema of 32-bit numbers that cross a border as they are. */
export const float32Array = z.custom<Float32Array>((value) => value instanceof Float32Array)
/** Schema of 64-bit numbers that cross a border as they are. */
export const float64Array = z.custom<Float64Array>((value) => value instanceof Float64Array)

/** Schema of consecutive rows: `values` holds `count` of them with `width` numbers each, the first with the number `first`. */
export const rowBatch = z.object({
  first: z.number().int(),
  count: z.number().int(),
  width: z.number().int(),
  values: float32Array
})
