import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core'
import type { ParameterTable } from '#contract/model'
import type { GradientStep } from '#contract/vocabulary'
import type { FusedOptimizer } from './fused'
import type { Tensors } from './tensors'

export type { Tensors } from './tensors'

/** Where a run stands when a step begins; what is counted is what lies behind it. */
export interface Clock {
  /** Steps tried, refused ones included: drives schedules. */
  step: number
  /** Updates applied: drives bias correction. */
  updates: number
  /** Position in the training data, in epochs; a fraction. */
  epoch: number
  stepsPerEpoch: number
  /** What rollbacks left of every learning rate; 1 where it is not said. */
  rateFactor?: number
}

/**
 * One step of the chain, as a pair of pure functions over tensors (as in optax): `init` makes the state, `update` turns
 * gradients into gradients, or, for an optimizer, into what is added to the parameters. `update` has no JavaScript
 * control flow on tensor values, so that it can be traced; what changes from step to step is fed as scalars.
 */
export interface GradientTransform<Step extends GradientStep = GradientStep> {
  /** The scalars of this step; `current` is this step of the chain as the experiment has it now. */
  scalars(clock: Clock, current: Step): Record<string, number>
  /** A flat record of tensors of fixed shapes. */
  init(parameters: Tensors): Tensors
  /**
   * Results may be the tensors that came in, or share tensors: a tidy should own them. `seed`, int32 [2], is what random
   * numbers of the step are drawn from.
   */
  update(
    updates: Tensors,
    state: Tensors,
    parameters: Tensors,
    fed: Record<string, Scalar>,
    seed: Tensor1D
  ): { updates: Tensors; state: Tensors } & Clipping
  /** For an optimizer that one operation can write, where its options allow that. */
  fused?: FusedOptimizer
}

/** What a clip tells of itself. */
export interface Clipping {
  /** The largest norm, or value, that it let through at this step; absent where there is no such number. */
  threshold?: Scalar
  /** 1 where it made anything smaller, else 0. */
  clipped?: Scalar
}

/** Makes the transform of a step of the chain for certain parameters. */
export type TransformBuilder<Step extends GradientStep> = (
  step: Step,
  about: ParameterTable
) => GradientTransform<Step>
