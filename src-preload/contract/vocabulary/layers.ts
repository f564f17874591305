import { z } from 'zod'
import { initializer } from './initializers'
import { count, notNegative, oneOf, pair, positive, record, share, word } from './words'

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
const pixels = pair.meta({ unit: 'pixels' })
const pooling = { name, size: pixels.default(2), strides: pixels.optional(), padding }
const pooling1d = { name, size: count.default(2), strides: count.optional(), padding }
const kernelSize = pixels
/** TensorFlow has depthwise convolutions only with one stride for both axes. */
const channelwise = {
  kernelSize,
  strides: count.meta({ unit: 'pixels' }).default(1),
  padding,
  depthMultiplier: count.default(1)
}

/** Options of every layer that goes through a sequence; the activation acts at each step, on each value alone. */
const recurrent = {
  name,
  units: count,
  returnSequences: z.boolean().default(false),
  activation: activation.exclude(['softmax']).default('tanh'),
  initializer: weighted.initializer,
  recurrentInitializer: initializer.default({ use: 'orthogonal', gain: 1 }),
  biasInitializer: weighted.biasInitializer,
  useBias: weighted.useBias
}

/** Layers that hold no others. */
const flatLayers = {
  dense: word('dense', { units: count, ...weighted }),
  conv1d: word('conv1d', {
    filters: count,
    kernelSize: count,
    strides: count.default(1),
    padding,
    ...weighted
  }),
  conv2d: word('conv2d', { filters: count, kernelSize, strides: pixels.default(1), padding, ...weighted }),
  depthwiseConv2d: word('depthwiseConv2d', { ...channelwise, ...weighted }),
  separableConv2d: word('separableConv2d', { filters: count, ...channelwise, ...weighted }),
  maxPooling1d: word('maxPooling1d', pooling1d),
  maxPooling2d: word('maxPooling2d', pooling),
  averagePooling1d: word('averagePooling1d', pooling1d),
  averagePooling2d: word('averagePooling2d', pooling),
  globalAveragePooling1d: word('globalAveragePooling1d', { name }),
  globalAveragePooling2d: word('globalAveragePooling2d', { name }),
  globalMaxPooling1d: word('globalMaxPooling1d', { name }),
  globalMaxPooling2d: word('globalMaxPooling2d', { name }),
  flatten: word('flatten', { name }),
  reshape: word('reshape', { name, shape: z.array(count.or(z.literal(-1))).min(1) }),
  dropout: word('dropout', {
    name,
    rate: z.number().min(0).lt(1).meta({ unit: 'share', live: true })
  }),
  gaussianNoise: word('gaussianNoise', { name, stddev: notNegative.meta({ live: true }) }),
  batchNormalization: word('batchNormalization', {
    name,
    momentum: share.default(0.99),
    epsilon: positive.default(1e-3)
  }),
  layerNormalization: word('layerNormalization', { name, epsilon: positive.default(1e-3) }),
  embedding: word('embedding', {
    name,
    inputs: count,
    units: count,
    initializer: initializer.default({ use: 'randomUniform', min: -0.05, max: 0.05 })
  }),
  simpleRnn: word('simpleRnn', recurrent),
  lstm: word('lstm', recurrent),
  gru: word('gru', recurrent),
  activation: word('activation', { name, activation })
}
const flatLayer = oneOf([
  flatLayers.dense,
  flatLayers.conv1d,
  flatLayers.conv2d,
  flatLayers.depthwiseConv2d,
  flatLayers.separableConv2d,
  flatLayers.maxPooling1d,
  flatLayers.maxPooling2d,
  flatLayers.averagePooling1d,
  flatLayers.averagePooling2d,
  flatLayers.globalAveragePooling1d,
  flatLayers.globalAveragePooling2d,
  flatLayers.globalMaxPooling1d,
  flatLayers.globalMaxPooling2d,
  flatLayers.flatten,
  flatLayers.reshape,
  flatLayers.dropout,
  flatLayers.gaussianNoise,
  flatLayers.batchNormalization,
  flatLayers.layerNormalization,
  flatLayers.embedding,
  flatLayers.simpleRnn,
  flatLayers.lstm,
  flatLayers.gru,
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
  | (Residual<Layer> & { shortcut: Shortcut; zeroInit: boolean })
type LayerInput =
  | z.input<typeof flatLayer>
  | z.input<typeof weightNormalization>
  | (Residual<LayerInput> & { shortcut?: Shortcut | undefined; zeroInit?: boolean | undefined })
const branch: z.ZodType<Layer[], LayerInput[]> = z.lazy(() => z.array(layer).min(1))

export const layers = {
  ...flatLayers,
  residual: word('residual', {
    name,
    layers: branch,
    shortcut: z.enum(['identity', 'projection']).default('identity'),
    zeroInit: z.boolean().default(false),
    activation: activation.optional()
  }),
  weightNormalization
}
/** Any layer; a residual holds layers of its own. */
export const layer = oneOf([...flatLayer.options, layers.residual, weightNormalization]).meta({ id: 'layer' })
export type LayerOf<Use extends Layer['use']> = Extract<Layer, { use: Use }>
