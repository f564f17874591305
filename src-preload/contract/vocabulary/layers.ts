import { z } from 'zod'
import { initializer } from './initializers'
import { count, oneOf, pair, positive, record, share, word } from './words'

export const activations = [
  'linear',
  'relu',
  'leakyRelu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'tanh',
  'sigmoid',
  'softmax',
  'softplus',
  'exponential'
] as const
export const activation = z.enum(activations)
export type Activation = z.output<typeof activation>

/** Letters, digits, `_` and `-`; names are keys of files and of charts. */
const name = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .optional()

/** Options of every layer that has weights. */
const weighted = {
  name,
  activation: activation.optional(),
  initializer: initializer.default({ use: 'glorotUniform' }),
  biasInitializer: initializer.default({ use: 'zeros' }),
  useBias: z.boolean().default(true)
}
const padding = z.enum(['valid', 'same']).default('valid')
const pooling = { name, size: pair.default(2), strides: pair.optional(), padding }

/** Layers that hold no others. */
const flatLayers = {
  dense: word('dense', { units: count, ...weighted }),
  conv2d: word('conv2d', {
    filters: count,
    kernelSize: pair.meta({ unit: 'pixels' }),
    strides: pair.default(1),
    padding,
    ...weighted
  }),
  maxPooling2d: word('maxPooling2d', pooling),
  averagePooling2d: word('averagePooling2d', pooling),
  flatten: word('flatten', { name }),
  dropout: word('dropout', {
    name,
    rate: z.number().min(0).lt(1).meta({ unit: 'share', live: true })
  }),
  batchNormalization: word('batchNormalization', {
    name,
    momentum: share.default(0.99),
    epsilon: positive.default(1e-3)
  }),
  activation: word('activation', { name, activation })
}
const flatLayer = oneOf([
  flatLayers.dense,
  flatLayers.conv2d,
  flatLayers.maxPooling2d,
  flatLayers.averagePooling2d,
  flatLayers.flatten,
  flatLayers.dropout,
  flatLayers.batchNormalization,
  flatLayers.activation
])

/** A layer that stands inside another word has that word's name. */
const withoutName = <Shape extends z.ZodRawShape>({ shape }: z.ZodObject<Shape>) =>
  record(
    Object.fromEntries(Object.entries(shape).filter(([option]) => option !== 'name')) as Omit<Shape, 'name'>
  )
const weightNormalization = word('weightNormalization', {
  name,
  layer: oneOf([withoutName(flatLayers.dense), withoutName(flatLayers.conv2d)])
})

/** Written out, because a type cannot be inferred from itself. */
interface Residual<Inner> {
  use: 'residual'
  name?: string | undefined
  layers: Inner[]
  activation?: Activation | undefined
}
type Shortcut = 'identity' | 'projection'
export type Layer =
  | z.output<typeof flatLayer>
  | z.output<typeof weightNormalization>
  | (Residual<Layer> & { shortcut: Shortcut })
type LayerInput =
  | z.input<typeof flatLayer>
  | z.input<typeof weightNormalization>
  | (Residual<LayerInput> & { shortcut?: Shortcut | undefined })
const branch: z.ZodType<Layer[], LayerInput[]> = z.lazy(() => z.array(layer).min(1))

export const layers = {
  ...flatLayers,
  residual: word('residual', {
    name,
    layers: branch,
    shortcut: z.enum(['identity', 'projection']).default('identity'),
    activation: activation.optional()
  }),
  weightNormalization
}
/** Any layer; a residual holds layers of its own. */
export const layer = oneOf([...flatLayer.options, layers.residual, weightNormalization]).meta({ id: 'layer' })
export type LayerOf<Use extends Layer['use']> = Extract<Layer, { use: Use }>
