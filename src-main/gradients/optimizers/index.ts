import type { Optimizer } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { adam } from './adam'
import { adamw } from './adamw'
import { momentum } from './momentum'
import { nesterov } from './nesterov'
import { rmsprop } from './rmsprop'
import { sgd } from './sgd'

/** What turns gradients into updates. */
export const optimizers = { sgd, momentum, nesterov, rmsprop, adam, adamw } satisfies {
  [Use in Optimizer['use']]: TransformBuilder<Extract<Optimizer, { use: Use }>>
}
