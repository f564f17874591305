import { z } from 'zod'
import { float32Array, float64Array, rowBatch } from './arrays'

/** What is kept of every step, in the order of the columns of a row. */
export const stepColumns = [
  /** Mean loss of the batch, weighted as the experiment says. */
  'loss',
  /** Share of the batch that was classified rightly, 0 to 1; NaN where targets are numbers. */
  'accuracy',
  /** Mean absolute error of the batch in raw units; NaN where targets are classes. */
  'mae',
  /** Position in the training data after the step, in epochs. */
  'epoch',
  /** Learning rate of the step. */
  'rate',
  /** What the first clip of the chain that has a threshold let through at this step; NaN without one. */
  'threshold',
  /** Norm of all gradients together before the chain. */
  'gradientBefore',
  /** Norm of all gradients together as they enter the optimizer. */
  'gradientAfter',
  /** Bits of `StepFlag`. */
  'flags'
] as const
export type StepColumn = (typeof stepColumns)[number]

/** What is kept of every trainable layer at every step, behind the step's own columns. */
export const layerColumns = ['gradientBefore', 'gradientAfter', 'update', 'weight', 'flags'] as const
export type LayerColumn = (typeof layerColumns)[number]

/** Bits of the column `flags`, of a step and of a layer. */
export const StepFlag = {
  /** The guard refused the step: nothing changed but the step's number. */
  refused: 1,
  /** A measured tensor held NaN or Inf. */
  nonFinite: 2,
  /** A norm is too large for a 32-bit number, though every element is finite. */
  overflow: 4,
  /** A clip of the chain made the gradient smaller. */
  clipped: 8
} as const

/** Numbers in a row of a run with so many trainable layers. */
export const rowWidth = (layers: number): number => stepColumns.length + layers * layerColumns.length
/** Place of a step's column in a row. */
export const columnOf = (column: StepColumn): number => stepColumns.indexOf(column)
/** Place of a layer's column in a row; layers are counted among the trainable ones. */
export const layerColumnOf = (layer: number, column: LayerColumn): number =>
  stepColumns.length + layer * layerColumns.length + layerColumns.indexOf(column)

/** Rows of consecutive steps. */
export const stepBatch = rowBatch
export type StepBatch = z.infer<typeof stepBatch>

/** Steps reduced for drawing: for each bucket its first step and, for each column, smallest and largest value. */
export const stepWindow = z.object({
  /** First and last step that the window covers. */
  from: z.number().int(),
  to: z.number().int(),
  /** Last step that is stored. */
  last: z.number().int(),
  width: z.number().int(),
  /** First step of each bucket. */
  steps: float64Array,
  /** Rows of `width` numbers for each bucket; NaN counts as the largest value, flags are joined. */
  minima: float32Array,
  maxima: float32Array
})
export type StepWindow = z.infer<typeof stepWindow>
