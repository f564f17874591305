import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { ParameterInfo } from '#contract/model'
import type { Initializer, Layer, LayerOf } from '#contract/vocabulary'

/** A layer that holds no other one: what has a definition of its own. */
export type FlatLayer = Exclude<Layer, { use: 'residual' | 'weightNormalization' }>

/** Tensors by name; parameters and state are keyed `<layer>/<role>`. */
export type Tensors = Record<string, Tensor>

/** One trainable tensor of a layer, before it has values. */
export interface ParameterPlan {
  role: ParameterInfo['role']
  shape: number[]
  fanIn: number
  fanOut: number
  /** How it is filled at the start; a function is given the values of the layer's tensors before it, by role. */
  initializer: Initializer | ((before: Record<string, Float32Array>) => Float32Array)
  /** From where to where (not included) its values start as 1 whatever the initializer says. */
  ones?: readonly [from: number, to: number]
  /** All its values start as 0, whatever else is said. */
  zero?: true
}

/** One tensor that a layer keeps from step to step without training it; `value` fills it at the start. */
export interface StatePlan {
  role: string
  shape: number[]
  value: number
}

/** Whether a pass trains; the seed, int32[2], belongs to the step and decides every random mask in it. */
export type Mode = { training: false } | { training: true; seed: Tensor1D }

/** What a layer is given beside its input, keyed by role and by the name of a live number. */
export interface Own {
  parameters: Tensors
  state: Tensors
  scalars: Record<string, Scalar>
}

/** A layer whose input is known. Shapes are those of one sample; `apply` adds the batch in front. */
export interface LayerPlan {
  outputShape: number[]
  parameters: ParameterPlan[]
  state: StatePlan[]
  /** Multiply-add operations for one sample, forward. */
  multiplyAdds: number
  /**
   * The layer as a pure function; `salt` differs between the layers of a model. A training pass of a layer
   * with state returns all of it anew.
   */
  apply(x: Tensor, own: Own, mode: Mode, salt: number): { output: Tensor; state?: Tensors }
}

/** Where a layer stands: its name, the shape of one sample that reaches it, and the layer that gives it. */
export interface Place {
  name: string
  inputShape: readonly number[]
  from: string
}

/** What the code of a layer's word must offer. */
export interface LayerDefinition<Use extends FlatLayer['use']> {
  /** @throws Failure `model.*` that names the layer, the expected and the found shape. */
  plan(options: LayerOf<Use>, place: Place): LayerPlan
  /** The numbers that may change while a run goes on, fed at each step, such as the rate of a dropout. */
  scalars?(options: LayerOf<Use>): Record<string, number>
}

/** A plan without trained or kept tensors, from its output shape and its function. */
export const planWithout = (
  outputShape: readonly number[],
  apply: (x: Tensor, own: Own, mode: Mode, salt: number) => Tensor
): LayerPlan => ({
  outputShape: [...outputShape],
  parameters: [],
  state: [],
  multiplyAdds: 0,
  apply: (x, own, mode, salt) => ({ output: apply(x, own, mode, salt) })
})

/** Says whether a tensor weighs what enters a layer; a recurrent kernel weighs what the layer itself gave before. */
export const isKernel = (role: string): boolean => /kernel$/i.test(role) && role !== 'recurrentKernel'

/** How many numbers a tensor of this shape holds. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1)

/** A shape for people, such as `[28, 28, 1]`. */
export const showShape = (shape: readonly number[]): string => `[${shape.join(', ')}]`
