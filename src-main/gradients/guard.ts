import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import type { ParameterTable } from '#contract/model'
import type { RunEventOf } from '#contract/run'

/** Largest norm that may enter an optimizer as one tensor: squares of its elements must fit a 32-bit slot. */
export const LARGEST_ENTERING = 1e18

/** A norm in two numbers, as `health/measure` gives it: both are finite exactly when every element is. */
export interface MeasuredNorm {
  scale: number
  rest: number
}

/** What the guard looks at, tensor by tensor in the order of the parameter table. */
export interface Evidence {
  loss: number
  before: readonly MeasuredNorm[]
  entering: readonly MeasuredNorm[]
  update: readonly MeasuredNorm[]
  weight: readonly MeasuredNorm[]
}

/** Why a step must not change anything, and the tensor that shows it. */
export interface Refusal {
  reason: RunEventOf<'guard'>['reason']
  layer: string
  tensor: string
}

/** Says whether every element of a measured tensor is finite. */
export const isFiniteNorm = ({ scale, rest }: MeasuredNorm): boolean =>
  Number.isFinite(scale) && Number.isFinite(rest)

/**
 * Judges a step before it is written: weights, raw gradients (clipping would make an Inf finite), what enters the
 * optimizer, the update and the loss. Returns nothing when the step may be written. `acceptable` is the same judgement
 * on tensors.
 */
export function judgeStep(evidence: Evidence, parameters: ParameterTable): Refusal | undefined {
  const refuse = (reason: Refusal['reason'], index: number): Refusal => ({
    reason,
    layer: parameters[index].layer,
    tensor: parameters[index].name
  })
  const broken = (norm: MeasuredNorm): boolean => !isFiniteNorm(norm)

  const weight = evidence.weight.findIndex(broken)
  if (weight >= 0) return refuse('nonFiniteWeight', weight)

  // Gradients flow from the output to the input. Where only the front of the network is broken, the fault arose at
  // its last broken tensor; where everything is, the forward pass broke and the first tensor stands for it.
  const healthyFrom = evidence.before.findLastIndex(broken) + 1
  if (healthyFrom > 0) {
    const everything = healthyFrom === evidence.before.length
    return refuse('nonFiniteGradient', everything ? evidence.before.findIndex(broken) : healthyFrom - 1)
  }
  const large = evidence.entering.findIndex(
    ({ scale, rest }) => !(Math.fround(scale * rest) <= LARGEST_ENTERING)
  )
  if (large >= 0) return refuse('overflow', large)

  const update = evidence.update.findIndex(broken)
  if (update >= 0) return refuse('nonFiniteUpdate', update)

  if (!Number.isFinite(evidence.loss)) return refuse('nonFiniteLoss', parameters.length - 1)
  return undefined
}

/**
 * The same judgement as `judgeStep`, on tensors, so that a compiled step can hold back what it would write: a bool of
 * shape []. `entering` and `norms` are pairs as `health/measure` gives them, [2 · tensors].
 */
export function acceptable(loss: Scalar, entering: Tensor, norms: readonly Tensor[]): Scalar {
  const [scales, rests] = tf.unstack(tf.reshape(entering, [-1, 2]), 1)
  const isSmall = tf.all(tf.lessEqual(tf.mul(scales, rests), LARGEST_ENTERING))
  const isFinite = tf.all(tf.isFinite(tf.concat([tf.reshape(loss, [1]), ...norms])))
  return tf.logicalAnd(isSmall, isFinite) as Scalar
}
