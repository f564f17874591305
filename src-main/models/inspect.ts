import { layerNames } from '#contract/experiment'
import type { ModelSummary } from '#contract/model'
import type { Layer } from '#contract/vocabulary'
import { planUnits, summarize } from './plan'

/**
 * Shapes, parameters and cost of each layer for samples of a shape; needs no backend.
 * @throws Failure `model.*` that names the layer, the expected and the found shape.
 */
export const describeModel = (layers: readonly Layer[], inputShape: readonly number[]): ModelSummary =>
  summarize(layers, planUnits(layers, inputShape), inputShape)

/**
 * Output and tensors of one layer for an input of a shape, kept tensors included; a role is the tensor's name behind
 * that of the layer.
 * @throws Failure `model.*` that names the layer, the expected and the found shape.
 */
export function describeLayer(
  layer: Layer,
  inputShape: readonly number[]
): { outputShape: number[]; tensors: { role: string; shape: number[] }[] } {
  const units = planUnits([layer], inputShape)
  const [name] = layerNames([layer])
  return {
    outputShape: [...units[units.length - 1].outputShape],
    tensors: units.flatMap(({ name: unit, plan }) =>
      [...plan.parameters, ...plan.state].map(({ role, shape }) => ({
        role: `${unit}/${role}`.slice(name.length + 1),
        shape
      }))
    )
  }
}
