import { layerNames } from '#contract/experiment'
import type { LayerSummary, ModelSummary, ParameterTable } from '#contract/model'
import type { Layer } from '#contract/vocabulary'
import { sizeOf, type LayerPlan } from './layer'
import { planLayer } from './layers'

/** One step of the forward pass: a layer of the experiment, or the activation of one, `<layer>/activation`. */
export interface Unit {
  name: string
  /** The layer of the experiment that it belongs to. */
  layer: string
  /** Shape of its output for one sample. */
  outputShape: readonly number[]
}

/** A unit with what it does. */
export interface PlannedUnit extends Unit {
  plan: LayerPlan
}

/**
 * The units of a model, in order, for samples of a shape.
 * @throws Failure `model.*` that names the layer, the expected and the found shape.
 */
export function planUnits(layers: readonly Layer[], inputShape: readonly number[]): PlannedUnit[] {
  const units: PlannedUnit[] = []
  let from = 'input'
  let shape = inputShape
  const place = (name: string, layer: string, word: Layer): void => {
    const plan = planLayer(word, { name, inputShape: shape, from })
    shape = plan.outputShape
    units.push({ name, layer, outputShape: shape, plan })
  }
  const names = layerNames(layers)
  layers.forEach((layer, index) => {
    const name = names[index]
    place(name, name, layer)
    // An option becomes a unit of its own, so that what enters the activation can be seen.
    if (layer.use !== 'activation' && 'activation' in layer && layer.activation !== undefined)
      place(`${name}/activation`, name, { use: 'activation', activation: layer.activation })
    from = name
  })
  return units
}

/** The trainable tensors of units, in order. */
export function tabulate(units: readonly PlannedUnit[]): ParameterTable {
  const last = units.findLast(({ plan }) => plan.parameters.length > 0)
  return units.flatMap((unit) =>
    unit.plan.parameters.map(({ role, shape, fanIn, fanOut }) => ({
      name: `${unit.name}/${role}`,
      layer: unit.layer,
      role,
      shape,
      fanIn,
      fanOut,
      isOutput: unit === last
    }))
  )
}

/** Shapes, parameters and cost of the layers that units belong to. */
export function summarize(
  layers: readonly Layer[],
  units: readonly PlannedUnit[],
  inputShape: readonly number[]
): ModelSummary {
  const names = layerNames(layers)
  const rows = layers.map(({ use }, index): LayerSummary => {
    const own = units.filter(({ layer }) => layer === names[index])
    const parameters = total(own.flatMap(({ plan }) => plan.parameters).map(({ shape }) => sizeOf(shape)))
    return {
      name: names[index],
      use,
      outputShape: [...own[own.length - 1].outputShape],
      parameters,
      multiplyAdds: total(own.map(({ plan }) => plan.multiplyAdds)),
      trainable: parameters > 0
    }
  })
  return {
    inputShape: [...inputShape],
    layers: rows,
    parameters: total(rows.map((row) => row.parameters)),
    multiplyAdds: total(rows.map((row) => row.multiplyAdds))
  }
}

const total = (numbers: number[]): number => numbers.reduce((sum, each) => sum + each, 0)
