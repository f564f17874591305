import { z } from 'zod'
import { float32Array } from './arrays'
import { partName } from './dataset'
import { cleaned, preparationPlan } from './preparation'
import { score } from './run'

/** What a model makes of one sample. */
export const look = z.object({
  /** Step whose weights answered. */
  step: z.number().int(),
  /**
   * Outputs as a person reads them: probabilities where the loss makes them, a column for each class; numbers in the raw
   * units of the data.
   */
  outputs: float32Array,
  /** What each layer gives for this sample, activation functions included. */
  activations: z.array(
    z.object({ layer: z.string(), shape: z.array(z.number().int()), values: float32Array })
  )
})
export type Look = z.infer<typeof look>

/** How a classifier does on the samples of one class. What has no samples to be a share of is absent. */
export const classScore = z.object({
  name: z.string(),
  /** Samples of the class. */
  samples: z.number().int(),
  /** Of the samples taken for this class, the share that belongs to it. */
  precision: z.number().optional(),
  /** Of the samples of this class, the share that was taken for it. */
  recall: z.number().optional(),
  /** Harmonic mean of both. */
  f1: z.number().optional()
})
export type ClassScore = z.infer<typeof classScore>

/** How a classifier does on the test part. */
export const confusion = z.object({
  step: z.number().int(),
  classes: z.array(z.string()),
  /** Samples of class `row` that were taken for class `column`: counts[row * classes + column]. */
  counts: z.array(z.number().int()),
  /** For each class what these counts come to. */
  classScores: z.array(classScore),
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

/** True and predicted numbers of some samples, in the raw units of the data; rows of as many numbers as a target has. */
export const answers = z.object({
  /** Positions in the source's part. */
  samples: z.array(z.number().int()),
  actual: float32Array,
  predicted: float32Array
})
export type Answers = z.infer<typeof answers>

/** How a model that predicts numbers does on the test part. */
export const deviations = z.object({
  step: z.number().int(),
  /** Part of the source that the positions count in. */
  part: z.enum(['train', 'test']),
  /** Samples of the test part. */
  count: z.number().int(),
  /** Numbers in a target. */
  size: z.number().int(),
  /** Mean absolute error and coefficient of determination, in the raw units of the data. */
  ...score.pick({ mae: true, r2: true }).shape,
  /** Samples taken evenly from the whole test part: all of them, where they are few. */
  points: answers,
  /** The samples with the largest errors, the largest first. */
  largest: answers
})
export type Deviations = z.infer<typeof deviations>

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

/** Samples of the part that a run is tested on, in raw form; `part` is the source's part that the positions count in. */
export const testedSamples = samplePage.extend({ part: z.enum(['train', 'test']) })
export type TestedSamples = z.infer<typeof testedSamples>

/** Which of the samples that a run is tested on are asked for: `count` of them from `offset` on. */
export const testedQuestion = z.object({
  offset: z.number().int().min(0).default(0),
  count: z.number().int().min(1).max(200)
})

/** Which samples are asked for: of a class, or these, or all; `count` of them from `offset` on. */
export const sampleQuestion = z.object({
  part: z.enum(['train', 'test']),
  class: z.number().int().min(0).optional(),
  indices: z.array(z.number().int().min(0)).max(200).optional(),
  offset: z.number().int().min(0).default(0),
  count: z.number().int().min(1).max(200)
})
export type SampleQuestion = z.output<typeof sampleQuestion>

/** Which samples are shown augmented, by their positions in the source's training part, and in how many variants. */
export const augmentQuestion = z.object({
  indices: z.array(z.number().int().min(0)).min(1).max(50),
  variants: z.number().int().min(1).max(20)
})
export type AugmentQuestion = z.infer<typeof augmentQuestion>

/** Training samples as augmentation changes them, in raw form. */
export const augmentedSamples = z.object({
  /** Positions in the source's training part. */
  indices: z.array(z.number().int()),
  /** For each sample its variants, one behind the other: what the first epochs would train on. */
  features: float32Array,
  /** For each variant the class number or the numbers; where samples are mixed the share of each class. */
  targets: float32Array
})
export type AugmentedSamples = z.infer<typeof augmentedSamples>

const partCounts = z.object({
  train: z.array(z.number().int()),
  validation: z.array(z.number().int()),
  test: z.array(z.number().int())
})

/** What a run of an experiment would train on. */
export const dataPlan = z.object({
  /** Samples of each part, after cleaning, limit and split. */
  samples: z.object({ train: z.number().int(), validation: z.number().int(), test: z.number().int() }),
  /** Samples of each class in each part. */
  classCounts: partCounts.optional(),
  /** Weight of each class in the loss, where the experiment asks for weights. */
  classWeights: z.array(z.number()).optional(),
  cleaned: z.array(cleaned),
  preparation: preparationPlan
})
export type DataPlan = z.infer<typeof dataPlan>
