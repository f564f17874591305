import type { Optimizer } from '#contract/vocabulary'
import type { TransformBuilder } from '../transform'
import { adam } from './adam'

/** Adam with a decoupled weight decay that is on by default, as in Keras (Loshchilov and Hutter, 2019). */
export const adamw: TransformBuilder<Extract<Optimizer, { use: 'adamw' }>> = adam
