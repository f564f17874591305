import { z } from 'zod'

/*
 * Every word that an experiment may use, with its options, their defaults, limits and units. Forms, the JSON
 * Schema and the documentation are drawn from here; label and help of a word are in the locales under
 * `vocabulary.<word>` and `vocabulary.<word>.help`, those of an option under `vocabulary.option.<option>`.
 * `live` marks what may change while a run goes on; `unit` is for people.
 */
declare module 'zod' {
  interface GlobalMeta {
    live?: boolean
    unit?: 'epochs' | 'steps' | 'samples' | 'pixels' | 'share' | 'units'
  }
}

/** An object that refuses unknown keys; the message carries the known ones for the sentence about it. */
export const record = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined)
  })

/** One word: an object whose `use` names it, with its options. */
const word = <Use extends string, Shape extends z.ZodRawShape>(use: Use, options: Shape) =>
  record({ use: z.literal(use), ...options })

/** One of several words; the message of an unknown word carries the known ones. */
const oneOf = <First extends Word, Rest extends readonly Word[]>(words: readonly [First, ...Rest]) =>
  z.discriminatedUnion('use', words as unknown as [First, ...Rest], {
    error: (issue) =>
      issue.code === 'invalid_union' ? words.map((each) => each.shape.use.value).join(' ') : undefined
  })
type Word = z.ZodObject<{ use: z.ZodLiteral<string> } & z.ZodRawShape>

const count = z.int().positive()
const finite = z.number()
const share = z.number().min(0).max(1).meta({ unit: 'share' })
const positive = z.number().positive()
const notNegative = z.number().min(0)

/** A whole number for both axes, or one for each: [height, width]. */
const pair = z.union([count, z.tuple([count, count])])

// ---------------------------------------------------------------------------------------------- data

export const sources = {
  mnist: word('mnist', {}),
  digits: word('digits', {}),
  idx: word('idx', {
    images: z.string().min(1),
    labels: z.string().min(1),
    testImages: z.string().min(1).optional(),
    testLabels: z.string().min(1).optional()
  })
}
export const source = oneOf([sources.mnist, sources.digits, sources.idx])
export type Source = z.output<typeof source>

export const preparations = {
  scale: word('scale', { by: finite, on: z.enum(['features', 'targets']).default('features') })
}
export const preparation = oneOf([preparations.scale])
export type Preparation = z.output<typeof preparation>

// --------------------------------------------------------------------------------------------- model

export const activations = ['linear', 'relu', 'leakyRelu', 'elu', 'tanh', 'sigmoid', 'softmax'] as const
export const activation = z.enum(activations)
export type Activation = z.output<typeof activation>

export const initializers = {
  glorotUniform: word('glorotUniform', {}),
  glorotNormal: word('glorotNormal', {}),
  heUniform: word('heUniform', {}),
  heNormal: word('heNormal', {}),
  lecunUniform: word('lecunUniform', {}),
  lecunNormal: word('lecunNormal', {}),
  randomUniform: word('randomUniform', { min: finite.default(-0.05), max: finite.default(0.05) }),
  randomNormal: word('randomNormal', { mean: finite.default(0), stddev: notNegative.default(0.05) }),
  zeros: word('zeros', {}),
  ones: word('ones', {}),
  constant: word('constant', { value: finite })
}
export const initializer = oneOf([
  initializers.glorotUniform,
  initializers.glorotNormal,
  initializers.heUniform,
  initializers.heNormal,
  initializers.lecunUniform,
  initializers.lecunNormal,
  initializers.randomUniform,
  initializers.randomNormal,
  initializers.zeros,
  initializers.ones,
  initializers.constant
])
export type Initializer = z.output<typeof initializer>

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

// ---------------------------------------------------------------------------------------------- loss

/** A factor of the loss; −1 turns its sign. */
const weight = finite.default(1)

export const losses = {
  softmaxCrossEntropy: word('softmaxCrossEntropy', { weight }),
  meanSquaredError: word('meanSquaredError', { weight })
}
export const loss = oneOf([losses.softmaxCrossEntropy, losses.meanSquaredError])
export type Loss = z.output<typeof loss>

// ----------------------------------------------------------------------------------------- gradients

const unit = z.enum(['epochs', 'steps']).default('epochs')
export const schedules = {
  constant: word('constant', { rate: notNegative }),
  warmup: word('warmup', { rate: notNegative, over: positive, unit }),
  cosine: word('cosine', {
    rate: notNegative,
    over: positive,
    warmup: notNegative.default(0),
    final: notNegative.default(0),
    unit
  })
}
export const schedule = oneOf([schedules.constant, schedules.warmup, schedules.cosine])
export type Schedule = z.output<typeof schedule>

const rate = z.union([notNegative, schedule]).meta({ live: true })
const decay = notNegative.default(0)
const momentum = z.number().min(0).lt(1)
const threshold = positive.meta({ live: true })

export const transforms = {
  clipByValue: word('clipByValue', { max: threshold }),
  clipByNorm: word('clipByNorm', { max: threshold }),
  clipByGlobalNorm: word('clipByGlobalNorm', { max: threshold })
}
export const optimizers = {
  sgd: word('sgd', { rate, decay }),
  momentum: word('momentum', { rate, momentum: momentum.default(0.9), decay }),
  nesterov: word('nesterov', { rate, momentum: momentum.default(0.9), decay }),
  rmsprop: word('rmsprop', {
    rate,
    rho: momentum.default(0.9),
    epsilon: positive.default(1e-7),
    decay
  }),
  adam: word('adam', {
    rate,
    beta1: momentum.default(0.9),
    beta2: momentum.default(0.999),
    epsilon: positive.default(1e-7),
    decay
  }),
  adamw: word('adamw', {
    rate,
    beta1: momentum.default(0.9),
    beta2: momentum.default(0.999),
    epsilon: positive.default(1e-7),
    decay: notNegative.default(0.004)
  })
}
export const gradientStep = oneOf([
  transforms.clipByValue,
  transforms.clipByNorm,
  transforms.clipByGlobalNorm,
  optimizers.sgd,
  optimizers.momentum,
  optimizers.nesterov,
  optimizers.rmsprop,
  optimizers.adam,
  optimizers.adamw
])
export type GradientStep = z.output<typeof gradientStep>
export type Optimizer = Extract<GradientStep, { rate: unknown }>
export type Transform = Exclude<GradientStep, Optimizer>

/** Says whether a step of the chain is its optimizer. */
export const isOptimizer = (step: GradientStep): step is Optimizer => step.use in optimizers

/** The words of an experiment by the place where they are used, for forms and documentation. */
export const vocabulary = {
  sources,
  preparations,
  initializers,
  layers,
  losses,
  schedules,
  transforms,
  optimizers
}
