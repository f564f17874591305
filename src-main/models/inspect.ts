import type { ModelSummary } from '#contract/model'
import type { Layer } from '#contract/vocabulary'
import { planUnits, summarize } from './plan'

/**
 * Shapes, parameters and cost of each layer for samples of a shape; needs no backend.
 * @throws Failure `model.*` that names the layer, the expected and the found shape.
 */
export const describeModel = (layers: readonly Layer[], inputShape: readonly number[]): ModelSummary =>
  summarize(layers, planUnits(layers, inputShape), inputShape)
