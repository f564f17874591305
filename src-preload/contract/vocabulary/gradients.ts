import { z } from 'zod'
import { count, notNegative, oneOf, positive, share, word } from './words'

/** A score of an epoch that a rule may watch, by the part of the data it is taken from. */
export const monitor = z
  .enum([
    'validation.loss',
    'validation.accuracy',
    'validation.mae',
    'validation.r2',
    'test.loss',
    'test.accuracy',
    'test.mae',
    'test.r2',
    'train.loss',
    'train.accuracy',
    'train.mae'
  ])
  .default('validation.loss')

const unit = z.enum(['epochs', 'steps']).default('epochs')
/** Nearer to 1, what is left of 1 is off by too much in 32 bits. */
const cycledMomentum = z.number().min(0).max(0.999)
export const schedules = {
  constant: word('constant', { rate: notNegative }),
  warmup: word('warmup', { rate: notNegative, over: positive, unit }),
  step: word('step', { rate: notNegative, every: positive, factor: positive.default(0.1), unit }),
  exponential: word('exponential', {
    rate: notNegative,
    every: positive.default(1),
    factor: positive.default(0.95),
    unit
  }),
  cosine: word('cosine', {
    rate: notNegative,
    over: positive,
    warmup: notNegative.default(0),
    final: notNegative.default(0),
    unit
  }),
  oneCycle: word('oneCycle', {
    rate: notNegative,
    over: positive,
    rise: share.default(0.25),
    startDivisor: positive.default(25),
    finalDivisor: positive.default(1e5),
    cycleMomentum: z.boolean().default(false),
    highMomentum: cycledMomentum.default(0.95),
    lowMomentum: cycledMomentum.default(0.85),
    unit
  }),
  plateau: word('plateau', {
    rate: notNegative,
    monitor,
    factor: z.number().positive().lt(1).default(0.1),
    patience: count.meta({ unit: 'epochs' }).default(10),
    minDelta: notNegative.default(1e-4),
    minRate: notNegative.default(0)
  })
}
export const schedule = oneOf([
  schedules.constant,
  schedules.warmup,
  schedules.step,
  schedules.exponential,
  schedules.cosine,
  schedules.oneCycle,
  schedules.plateau
])
export type Schedule = z.output<typeof schedule>

const rate = z.union([notNegative, schedule]).meta({ live: true })
const decay = notNegative.default(0)
const momentum = z.number().min(0).lt(1)
/** What may change while a run goes on; a default has to be inside. */
const live = <Schema extends z.ZodType>(schema: Schema): Schema => schema.meta({ live: true })
const threshold = live(positive)
const steps = z.int().min(0).meta({ unit: 'steps' })
const moments = (beta2: number, epsilon: number) => ({
  rate,
  beta1: momentum.default(0.9),
  beta2: momentum.default(beta2),
  epsilon: positive.default(epsilon)
})

export const transforms = {
  clipByValue: word('clipByValue', { max: threshold }),
  clipByNorm: word('clipByNorm', { max: threshold }),
  clipByGlobalNorm: word('clipByGlobalNorm', { max: threshold }),
  adaptiveClip: word('adaptiveClip', {
    ratio: live(positive.default(0.01)),
    epsilon: positive.default(1e-3)
  }),
  autoClip: word('autoClip', { percentile: live(z.number().min(0).max(100).default(10)) }),
  zClip: word('zClip', {
    deviations: live(positive.default(2.5)),
    alpha: momentum.default(0.97),
    warmup: count.meta({ unit: 'steps' }).default(25),
    max: live(positive.optional())
  }),
  adaGc: word('adaGc', {
    absolute: live(positive.default(1)),
    relative: live(positive.default(1.05)),
    beta: momentum.default(0.98),
    warmup: count.meta({ unit: 'steps' }).default(100)
  }),
  centralize: word('centralize', {}),
  noise: word('noise', { eta: live(notNegative.default(0.01)) }),
  l2: word('l2', { lambda: live(notNegative.default(1e-4)) })
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
  adagrad: word('adagrad', {
    rate,
    initialAccumulator: notNegative.default(0.1),
    epsilon: positive.default(1e-7),
    decay
  }),
  adam: word('adam', { ...moments(0.999, 1e-7), decay }),
  adamw: word('adamw', { ...moments(0.999, 1e-7), decay: notNegative.default(0.004) }),
  nadam: word('nadam', { ...moments(0.999, 1e-7), decay }),
  lamb: word('lamb', { ...moments(0.999, 1e-6), decay }),
  lars: word('lars', {
    rate,
    momentum: momentum.default(0.9),
    trust: positive.default(1e-3),
    decay
  }),
  stableAdamw: word('stableAdamw', { ...moments(0.99, 1e-8), decay: notNegative.default(0.01) }),
  spam: word('spam', {
    ...moments(0.999, 1e-6),
    theta: positive.default(5000),
    reset: count.meta({ unit: 'steps' }).default(500),
    warmup: steps.default(150),
    spared: steps.default(20),
    decay
  })
}
export const gradientStep = oneOf([
  transforms.clipByValue,
  transforms.clipByNorm,
  transforms.clipByGlobalNorm,
  transforms.adaptiveClip,
  transforms.autoClip,
  transforms.zClip,
  transforms.adaGc,
  transforms.centralize,
  transforms.noise,
  transforms.l2,
  optimizers.sgd,
  optimizers.momentum,
  optimizers.nesterov,
  optimizers.rmsprop,
  optimizers.adagrad,
  optimizers.adam,
  optimizers.adamw,
  optimizers.nadam,
  optimizers.lamb,
  optimizers.lars,
  optimizers.stableAdamw,
  optimizers.spam
])
export type GradientStep = z.output<typeof gradientStep>
export type Optimizer = Extract<GradientStep, { rate: unknown }>
export type Transform = Exclude<GradientStep, Optimizer>

/** Clips with a threshold that is one number at each step: one for numbers of `clipByValue`, for norms of the others. */
export const thresholdClips: readonly Transform['use'][] = [
  'clipByValue',
  'clipByNorm',
  'clipByGlobalNorm',
  'autoClip',
  'zClip'
]
/** Everything that makes a gradient smaller where it is too large. */
export const clips: readonly Transform['use'][] = [...thresholdClips, 'adaptiveClip', 'adaGc']

/** Says whether a step of the chain is its optimizer. */
export const isOptimizer = (step: GradientStep): step is Optimizer => step.use in optimizers

/** Says whether an optimizer keeps a share of its last movement, which a schedule may change. */
export const hasMomentum = (step: Optimizer): boolean => 'momentum' in step || 'beta1' in step
