import type { Optimizer } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { adagrad } from './adagrad'
import { adam } from './adam'
import { adamw } from './adamw'
import { lamb } from './lamb'
import { lars } from './lars'
import { momentum } from './momentum'
import { nadam } from './nadam'
import { nesterov } from './nesterov'
import { rmsprop } from './rmsprop'
import { sgd } from './sgd'
import { spam } from './spam'
import { stableAdamw } from './stable-adamw'

/** What turns gradients into updates. */
export const optimizers = {
  sgd,
  momentum,
  nesterov,
  rmsprop,
  adagrad,
  adam,
  adamw,
  nadam,
  lamb,
  lars,
  stableAdamw,
  spam
} satisfies {
  [Use in Optimizer['use']]: TransformBuilder<Extract<Optimizer, { use: Use }>>
}
