import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { layersOf, type ParameterTable } from '#contract/model'
import type { RunEventOf } from '#contract/run'

/** Largest norm that may enter an optimizer as one tensor: squares of its elements must fit a 32-bit slot. */
export const LARGEST_ENTERING = 1e18
/** Largest norm of a weight, and largest element of an update, that may be added to one another: both fit 32 bits. */
export const LARGEST_MOVE = 1e37

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
  /** Whether what would be written is sure to fit 32 bits. */
  fits: readonly boolean[]
  /** Of each layer, the norm of its update over that of its weights; empty where nothing limits it. */
  ratios: readonly number[]
}

/** Why a step must not change anything, and the tensor that shows it. */
export interface Refusal {
  reason: RunEventOf<'guard'>['reason']
  layer: string
  tensor: string
  /** Norm of the layer's update over that of its weights, where that was too much. */
  ratio?: number
}

/** Says whether every element of a measured tensor is finite. */
export const isFiniteNorm = ({ scale, rest }: MeasuredNorm): boolean =>
  Number.isFinite(scale) && Number.isFinite(rest)

/**
 * Judges a step before it is written: weights, raw gradients (clipping would make an Inf finite), what enters the
 * optimizer, the update, how far it would move each layer, and the loss. Returns nothing when the step may be written.
 * `acceptable` is the same judgement on tensors.
 */
export function judgeStep(
  evidence: Evidence,
  parameters: ParameterTable,
  maxUpdateRatio = Infinity
): Refusal | undefined {
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

  const update = evidence.update.findIndex((norm, index) => broken(norm) || !evidence.fits[index])
  if (update >= 0) return refuse('nonFiniteUpdate', update)

  const { ratios } = evidence
  const farthest = ratios.reduce((most, ratio, index) => (ratio <= ratios[most] ? most : index), 0)
  if (ratios.length > 0 && !(ratios[farthest] <= Math.fround(maxUpdateRatio))) {
    const layer = layersOf(parameters)[farthest]
    const moves = parameters.map((parameter, index) => {
      const [update, weight] = [evidence.update[index], evidence.weight[index]]
      return parameter.layer === layer && weight.scale > 0 ? update.scale * update.rest : 0
    })
    return { ...refuse('updateRatio', moves.indexOf(Math.max(...moves))), layer, ratio: ratios[farthest] }
  }

  if (!Number.isFinite(evidence.loss)) return refuse('nonFiniteLoss', parameters.length - 1)
  return undefined
}

/** What `acceptable` looks at, as tensors; pairs of norms are [2 · tensors], as `health/measure` gives them. */
export interface TensorEvidence {
  loss: Scalar
  before: Tensor
  entering: Tensor
  weight: Tensor
  /** Bool [tensors]. */
  fits: Tensor
  /** Where it is known before it is written. */
  update?: Tensor
  /** How far the layers would move, [layers], and how far they may, where that is limited. */
  ratios?: { found: Tensor; largest: number }
}

/**
 * The same judgement as `judgeStep`, on tensors, so that a compiled step can hold back what it would write: a bool of
 * shape [].
 */
export function acceptable(evidence: TensorEvidence): Scalar {
  const { loss, before, entering, weight, fits, update, ratios } = evidence
  const isSmall = tf.all(tf.logicalAnd(tf.lessEqual(normsIn(entering), LARGEST_ENTERING), fits))
  const measured = [before, entering, weight, ...(update ? [update] : [])]
  const isFinite = tf.all(tf.isFinite(tf.concat([tf.reshape(loss, [1]), ...measured])))
  const isSound = tf.logicalAnd(isSmall, isFinite) as Scalar
  if (!ratios) return isSound
  return tf.logicalAnd(isSound, tf.all(tf.lessEqual(ratios.found, ratios.largest))) as Scalar
}

/**
 * Whether the sum of a weight and its update is sure to fit 32 bits, bool [tensors], from the norms of the weights and
 * the largest elements that updates can have.
 */
export const fitTogether = (weights: Tensor, largest: Tensor): Tensor =>
  tf.lessEqual(tf.maximum(weights, largest), LARGEST_MOVE)

/** The norms, [tensors], in pairs of scale and rest, [2 · tensors]. */
export function normsIn(pairs: Tensor): Tensor {
  const [scales, rests] = tf.unstack(tf.reshape(pairs, [-1, 2]), 1)
  return tf.mul(scales, rests)
}
