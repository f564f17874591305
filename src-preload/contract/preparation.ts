import { z } from 'zod'
import { cleanings } from './vocabulary'

const numbers = z.array(z.number())

/** `(value − subtract) × multiply`; both run along the last axis, one number alone counts for all of it. */
export const affine = z.object({ use: z.literal('affine'), subtract: numbers, multiply: numbers })
export type Affine = z.infer<typeof affine>

/** `value × scale + add` undoes a change; what it multiplies by zero cannot come back and stays as it is. */
export const inverseOf = ({ subtract, multiply }: Affine): { scale: number[]; add: number[] } => ({
  scale: multiply.map((factor) => (factor === 0 ? 1 : 1 / factor)),
  add: subtract
})

/** One thing that is done to the features of a sample, with everything that was learned for it from the training part. */
export const operation = z.discriminatedUnion('use', [
  affine,
  /** NaN and Inf become the value of their place on the last axis. */
  z.object({ use: z.literal('fill'), values: numbers }),
  /** Values beyond these limits become the limit, along the last axis. */
  z.object({ use: z.literal('clip'), lowest: numbers, highest: numbers }),
  /** Each column with its number of categories as so many columns of 0 and 1, in its place; 0 leaves a column as it is. */
  z.object({ use: z.literal('oneHot'), sizes: z.array(z.number().int()) }),
  /** Bilinear, with the centres of pixels at one half. */
  z.object({ use: z.literal('resize'), height: z.number().int(), width: z.number().int() }),
  /** Three channels, red, green and blue, as one. */
  z.object({ use: z.literal('grayscale') }),
  /** One channel so many times. */
  z.object({ use: z.literal('repeat'), channels: z.number().int() })
])
export type Operation = z.infer<typeof operation>
export type OperationOf<Use extends Operation['use']> = Extract<Operation, { use: Use }>

/**
 * What a step of `data.clean` did: samples of the source that it left out, before a limit and the split, or values of the
 * chosen samples that it changed.
 */
export const cleaned = z.object({
  use: z.enum(Object.keys(cleanings) as [keyof typeof cleanings]),
  unit: z.enum(['samples', 'values']),
  /** In the training part of the source, from which the validation part is taken. */
  train: z.number().int(),
  test: z.number().int()
})
export type Cleaned = z.infer<typeof cleaned>

/**
 * How a run turns raw samples into what its model takes. Fitted once, on the training part, and kept with the run in
 * `preparation.json`: whatever uses the model later does exactly this.
 */
export const preparationPlan = z.object({
  version: z.literal(1),
  /** Shape of a raw sample. */
  sampleShape: z.array(z.number().int()),
  /** Shape of a prepared one: the input of the model. */
  shape: z.array(z.number().int()),
  /** From raw to prepared features, one after the other. */
  features: z.array(operation),
  /** From raw to prepared targets; absent where targets are classes. */
  targets: affine.optional(),
  /** What was cleaned, in the order of the experiment. */
  cleaned: z.array(cleaned)
})
export type PreparationPlan = z.infer<typeof preparationPlan>
