import { z } from 'zod'
import { notNegative, oneOf, positive, word } from './words'

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
