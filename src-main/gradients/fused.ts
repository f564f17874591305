import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensorMap, Scalar, Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { withPrefix, type Tensors } from './tensors'

/** The kernel that an engine may have for this. */
const KERNEL = 'FusedUpdate'
/** How far 1 − x may be off in 32 bits, as a share of it, for a number x to be given to a fused kernel. */
const LARGEST_SHARE_ERROR = 1e-4

/**
 * An optimizer as one operation that writes weights and slots, which cannot be seen before it is written. `update` of
 * the optimizer stays what it does; this says how an engine does the same, and how far that can go.
 */
export interface FusedOptimizer {
  rule: 'sgd' | 'momentum' | 'nesterov' | 'adam'
  /** Fixed numbers of the rule. */
  numbers: Record<string, number>
  /** Names of its slots, in the order of the rule. */
  slots: readonly string[]
  /** Name of the scalar that is its rate. */
  rate: string
  /** Name of the scalar that says how much of the last movement is kept, where the rule has one. */
  kept?: string
  /** Whether a tensor decays besides, by the scalar `shrinkage` of itself. */
  shrinks(tensor: string): boolean
  /**
   * The most that an element of an update can be, and of each slot that is not a mean of squares: from the norms of what
   * enters and of the weights, all [tensors]. It holds where it was within a limit at every step before, for that limit.
   * So nothing that is written can be Inf or NaN while it stays within LARGEST_MOVE, and what enters within
   * LARGEST_ENTERING.
   */
  bound(entering: Tensor, weights: Tensor, fed: Record<string, Scalar>): Tensor
}

/** What a fused optimizer is given: what `update` gave besides what it was given. */
export interface FusedStep {
  accepted: Scalar
  entering: Tensors
  parameters: Tensors
  /** Slots before and after the composed update, as the optimizer names them. */
  state: Tensors
  composed: { updates: Tensors; state: Tensors }
  fed: Record<string, Scalar>
}

/**
 * New weights and slots: those that were composed, which a compiled step replaces by one operation for each weight. What
 * is given where `accepted` is false must not be used.
 */
export function writeFused(
  optimizer: FusedOptimizer,
  step: FusedStep
): { parameters: Tensors; state: Tensors } {
  const { accepted, entering, parameters, state, composed, fed } = step
  const { rule, numbers, slots, rate, kept, shrinks } = optimizer
  const hasKernel = tf.getKernel(KERNEL, tf.getBackend()) !== undefined
  const moved: Tensors = {}
  const next: Tensors = {}
  for (const [name, weight] of Object.entries(parameters)) {
    const places = slots.map((slot) => `${slot}/${name}`)
    let results: Tensor[] = [
      tf.add(weight, composed.updates[name]),
      ...places.map((place) => composed.state[place])
    ]
    if (hasKernel) {
      const inputs: Tensors = {
        accepted,
        weight,
        gradient: entering[name],
        rate: fed[rate],
        ...(kept !== undefined && { kept: fed[kept] }),
        ...(shrinks(name) && { shrinkage: fed.shrinkage }),
        ...numbered(
          'slot',
          places.map((place) => state[place])
        ),
        ...numbered('composed', results)
      }
      const given: TensorInfo | TensorInfo[] = tf
        .engine()
        .runKernel(KERNEL, inputs as NamedTensorMap, { rule, numbers })
      results = given as unknown as Tensor[]
    }
    moved[name] = results[0]
    places.forEach((place, index) => (next[place] = results[index + 1]))
  }
  return { parameters: moved, state: next }
}

/**
 * Says whether fused kernels, which compute 1 − x in 32 bits, do so nearly as the formula says. They do not for a decay
 * rate of 0.99999, whose complement is off by a thousandth.
 */
export const isExactShare = (x: number): boolean =>
  Math.abs(Math.fround(1 - Math.fround(x)) - (1 - x)) <= LARGEST_SHARE_ERROR * (1 - x)

const numbered = (prefix: string, tensors: readonly Tensor[]): Tensors =>
  withPrefix(prefix, Object.fromEntries(tensors.map((tensor, index) => [index, tensor])))
