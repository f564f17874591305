import { z } from 'zod'
import { message } from './message-schema'

/** How other programs keep a model: TensorFlow.js layers, Keras' `.keras`, and its older HDF5 form. */
export const modelFormat = z.enum(['tfjs', 'keras', 'h5'])
export type ModelFormat = z.infer<typeof modelFormat>

/** One layer of another program's model. */
export const foreignLayer = z.object({
  name: z.string(),
  /** What Keras calls it, such as `Dense`. */
  className: z.string(),
  /** Our word for it; absent where there is none, or where it does nothing here. */
  use: z.string().optional(),
  /** Shape of its output for one sample, as far as it is known. */
  outputShape: z.array(z.number().int()).optional(),
  /** Numbers that the file holds for it. */
  parameters: z.number().int(),
  /** Why it cannot be represented. */
  problem: message.optional()
})
export type ForeignLayer = z.infer<typeof foreignLayer>

/** What a model file holds. */
export const foreignModel = z.object({
  path: z.string(),
  format: modelFormat,
  /** The program that wrote it, such as `Keras 3.15.0`, if the file says so. */
  madeBy: z.string().optional(),
  /** Shape of one sample. */
  inputShape: z.array(z.number().int()).optional(),
  layers: z.array(foreignLayer),
  parameters: z.number().int(),
  /** What is changed or left out on the way, in the order of the layers. */
  notes: z.array(message)
})
export type ForeignModel = z.infer<typeof foreignModel>
