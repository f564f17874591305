import type { Scalar, Tensor } from '@tensorflow/tfjs-core'

/**
 * The mean over a batch. Outputs are float32[batch, size]; targets are class numbers, int32[batch], or, where the
 * loss takes them, numbers, float32[batch, size].
 */
export type MeanOverBatch = (outputs: Tensor, targets: Tensor) => Scalar

/** What a run measures of its outputs. */
export interface LossFunction {
  compute: MeanOverBatch
  /** Share of samples classified rightly, 0 to 1; absent where targets are numbers. */
  accuracy?: MeanOverBatch
}
