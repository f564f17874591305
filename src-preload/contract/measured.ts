import { z } from 'zod'

/** A measured number, which may be NaN or Inf; JSON, which has neither, says null. */
export const measured = z.preprocess(
  (value) => (value === null ? NaN : value),
  z.custom<number>((value) => typeof value === 'number')
)
