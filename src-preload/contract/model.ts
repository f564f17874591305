import { z } from 'zod'
import { float32Array } from './arrays'

/** What is known of one layer once its input is known. */
export const layerSummary = z.object({
  /** Full name, such as `residual_1/dense_2`. */
  name: z.string(),
  use: z.string(),
  /** Shape of its output for one sample. */
  outputShape: z.array(z.number().int()),
  /** Trainable numbers, those of layers inside it included. */
  parameters: z.number().int(),
  /** Multiply-add operations for one sample, forward, those of layers inside it included. */
  multiplyAdds: z.number(),
  /** Says whether gradients are measured here: it has trainable tensors of its own. */
  trainable: z.boolean(),
  /** The layers inside it, for a residual. */
  get layers(): z.ZodOptional<z.ZodArray<typeof layerSummary>> {
    return z.array(layerSummary).optional()
  }
})
export type LayerSummary = z.infer<typeof layerSummary>

export const modelSummary = z.object({
  inputShape: z.array(z.number().int()),
  layers: z.array(layerSummary),
  parameters: z.number().int(),
  multiplyAdds: z.number()
})
export type ModelSummary = z.infer<typeof modelSummary>

/** Every row in the order of `walkLayers`: each before those inside it. */
export const rowsOf = (layers: readonly LayerSummary[]): LayerSummary[] =>
  layers.flatMap((row) => [row, ...rowsOf(row.layers ?? [])])

/** A trained tensor as plain values. */
export const namedTensor = z.object({
  /** `<layer>/<role>`, such as `conv2d_1/kernel`. */
  name: z.string(),
  shape: z.array(z.number().int()),
  values: float32Array
})
export type NamedTensor = z.infer<typeof namedTensor>

/** What a tensor multiplies its input with; all but these is added, or multiplies what is normalized. */
export const weightRoles = [
  'kernel',
  'recurrentKernel',
  'depthwiseKernel',
  'pointwiseKernel',
  'embeddings'
] as const

/** What is known of one trainable tensor, for transforms and optimizers that treat tensors by their job. */
export interface ParameterInfo {
  /** `<layer>/<role>`. */
  name: string
  layer: string
  role: (typeof weightRoles)[number] | 'bias' | 'gain' | 'offset'
  shape: number[]
  fanIn: number
  fanOut: number
  /** Belongs to the last layer that has weights. */
  isOutput: boolean
}
export type ParameterTable = readonly ParameterInfo[]

/** Names of the layers that some parameters belong to, in their order. */
export const layersOf = (parameters: ParameterTable): string[] => [
  ...new Set(parameters.map(({ layer }) => layer))
]

/** Says whether a tensor weighs something, be it what enters, what the layer gave before or a code: that decays. */
export const isWeight = ({ role }: Pick<ParameterInfo, 'role'>): boolean =>
  (weightRoles as readonly string[]).includes(role)
