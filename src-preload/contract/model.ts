import { z } from 'zod'

/** What is known of one layer once its input is known. */
export const layerSummary = z.object({
  name: z.string(),
  use: z.string(),
  /** Shape of its output for one sample. */
  outputShape: z.array(z.number().int()),
  /** Trainable numbers. */
  parameters: z.number().int(),
  /** Multiply-add operations for one sample, forward. */
  multiplyAdds: z.number(),
  /** Says whether gradients are measured here: it has trainable tensors. */
  trainable: z.boolean()
})
export type LayerSummary = z.infer<typeof layerSummary>

export const modelSummary = z.object({
  inputShape: z.array(z.number().int()),
  layers: z.array(layerSummary),
  parameters: z.number().int(),
  multiplyAdds: z.number()
})
export type ModelSummary = z.infer<typeof modelSummary>

/** A trained tensor as plain values. */
export interface NamedTensor {
  /** `<layer>/<role>`, such as `conv2d_1/kernel`. */
  name: string
  shape: number[]
  values: Float32Array
}

/** What is known of one trainable tensor, for transforms and optimizers that treat tensors by their job. */
export interface ParameterInfo {
  /** `<layer>/<role>`. */
  name: string
  layer: string
  role: 'kernel' | 'bias' | 'gain' | 'offset'
  shape: number[]
  fanIn: number
  fanOut: number
  /** Belongs to the last layer that has weights. */
  isOutput: boolean
}
export type ParameterTable = readonly ParameterInfo[]
