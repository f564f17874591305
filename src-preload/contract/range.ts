import { z } from 'zod'
import { measured } from './measured'

/** A range test needs this many steps to tell anything, and is over in a while with this many. */
export const FEWEST_RANGE_STEPS = 10
export const MOST_RANGE_STEPS = 1000

/** Between which learning rates a range test goes, from the first step to the last. */
export const rateRange = z.object({
  from: z.number().positive().default(1e-7),
  to: z.number().positive().default(10),
  steps: z.int().min(FEWEST_RANGE_STEPS).max(MOST_RANGE_STEPS).default(100)
})
export type RateRange = z.infer<typeof rateRange>

/** One step of a range test: its rate, and the loss of its batch before that rate acted. */
export const ratePoint = z.object({ rate: z.number(), loss: measured, smoothed: measured })
export type RatePoint = z.infer<typeof ratePoint>

/** What a range test says of the learning rate. */
export const rateTest = z.object({
  points: z.array(ratePoint),
  /**
   * How it ended: after all steps, because the loss had risen to several times its best, or because the guard refused a
   * step at the last rate.
   */
  ended: z.enum(['completed', 'rose', 'refused']),
  /** Absent where the loss never fell. */
  suggestion: z
    .object({
      /** In the longest fall of the smoothed loss; the one to take. */
      valley: z.number(),
      /** Where the smoothed loss falls fastest. */
      steepest: z.number(),
      /** Where the smoothed loss is lowest: with larger ones it rises. */
      largestStable: z.number()
    })
    .optional()
})
export type RateTest = z.infer<typeof rateTest>
