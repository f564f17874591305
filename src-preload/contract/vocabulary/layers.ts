import { z } from 'zod'
import { initializer } from './initializers'
import { count, oneOf, pair, positive, share, word } from './words'

export const activations = ['linear', 'relu', 'leakyRelu', 'elu', 'tanh', 'sigmoid', 'softmax'] as const
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

export const layers = {
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
export const layer = oneOf([
  layers.dense,
  layers.conv2d,
  layers.maxPooling2d,
  layers.averagePooling2d,
  layers.flatten,
  layers.dropout,
  layers.batchNormalization,
  layers.activation
])
export type Layer = z.output<typeof layer>
export type LayerOf<Use extends Layer['use']> = Extract<Layer, { use: Use }>
