import { z } from 'zod'
import { float32Array } from './arrays'
import { partName } from './dataset'

/** What a model makes of one sample. */
export const look = z.object({
  /** Step whose weights answered. */
  step: z.number().int(),
  /** Outputs as a person reads them: probabilities where the loss makes them, a column for each class. */
  outputs: float32Array,
  /** What each layer gives for this sample, activation functions included. */
  activations: z.array(
    z.object({ layer: z.string(), shape: z.array(z.number().int()), values: float32Array })
  )
})
export type Look = z.infer<typeof look>

/** How a classifier does on the test part. */
export const confusion = z.object({
  step: z.number().int(),
  classes: z.array(z.string()),
  /** Samples of class `row` that were taken for class `column`: counts[row * classes + column]. */
  counts: z.array(z.number().int()),
  /** For each cell with samples, positions in the source's part of at most 50 of them, the surest first. */
  cells: z.array(
    z.object({ actual: z.number().int(), predicted: z.number().int(), samples: z.array(z.number().int()) })
  ),
  /** The surest mistakes: `part` and position in the source, classes, and the probability of the wrong one. */
  mistakes: z.array(
    z.object({
      sample: z.number().int(),
      actual: z.number().int(),
      predicted: z.number().int(),
      probability: z.number()
    })
  ),
  /** Part of the source that the positions count in. */
  part: partName
})
export type Confusion = z.infer<typeof confusion>

/** Samples of a source as they are stored, in raw form. */
export const samplePage = z.object({
  /** Samples that fit the question. */
  total: z.number().int(),
  /** Positions in the source's part. */
  indices: z.array(z.number().int()),
  /** Class numbers or numeric targets. */
  targets: z.array(z.number()),
  /** Sample after sample. */
  features: float32Array
})
export type SamplePage = z.infer<typeof samplePage>

/** Which samples are asked for: of a class, or these, or all; `count` of them from `offset` on. */
export const sampleQuestion = z.object({
  part: z.enum(['train', 'test']),
  class: z.number().int().min(0).optional(),
  indices: z.array(z.number().int().min(0)).max(200).optional(),
  offset: z.number().int().min(0).default(0),
  count: z.number().int().min(1).max(200)
})
export type SampleQuestion = z.output<typeof sampleQuestion>
