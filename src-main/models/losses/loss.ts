import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'

/** The loss of each sample, float32[batch]; outputs and what they should be are float32[batch, size]. */
export type SampleLoss = (outputs: Tensor, wanted: Tensor) => Tensor

/**
 * What a run measures of its outputs, float32[batch, size]. Targets are class numbers, int32[batch], numbers,
 * float32[batch, size], or a share for each class, float32[batch, classes].
 */
export interface LossFunction {
  /** The sum of each sample's loss times its weight, divided by the number of samples. */
  compute(outputs: Tensor, targets: Tensor, sampleWeights?: Tensor1D): Scalar
  /** Where one output stands for two classes: above this it means the second one. */
  threshold: number
  /** Share of samples classified rightly, 0 to 1; absent where targets are numbers. */
  accuracy?(outputs: Tensor, targets: Tensor): Scalar
}
