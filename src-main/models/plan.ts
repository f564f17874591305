import { layerNames } from '#contract/experiment'
import { isWeight, type LayerSummary, type ModelSummary, type ParameterTable } from '#contract/model'
import type { Activation, Layer, LayerOf } from '#contract/vocabulary'
import { planWithout, sizeOf, type LayerPlan, type Place } from './layer'
import { planLayer } from './layers'
import { planShortcut, startAtZero } from './layers/residual'
import { normalizeWeights } from './layers/weight-normalization'

/** One step of the forward pass: a layer of the experiment, or a part of one, such as `<layer>/activation`. */
export interface Unit {
  name: string
  /** Full name of the layer of the experiment that it belongs to. */
  layer: string
  /** Shape of its output for one sample. */
  outputShape: readonly number[]
  /** The function that it applies to what enters it, where it does nothing else. */
  activation?: Activation
}

/** A unit with what it does. */
export interface PlannedUnit extends Unit {
  /** Units before it whose outputs it takes, added together where there are several. */
  inputs: readonly string[]
  plan: LayerPlan
}

/** Stands among the names of units for what the model itself is given. */
export const INPUT = ''

/** Something that a unit can take: the unit that gives it, its shape for one sample, and the layer for people. */
interface Source {
  unit: string
  shape: readonly number[]
  from: string
}

/**
 * The units of a model, in order, for samples of a shape.
 * @throws Failure `model.*` that names the layer, the expected and the found shape.
 */
export const planUnits = (layers: readonly Layer[], inputShape: readonly number[]): PlannedUnit[] =>
  planStack(layers, '', { unit: INPUT, shape: inputShape, from: 'input' })

/** Layers one behind the other; `prefix` stands in front of their names. */
function planStack(layers: readonly Layer[], prefix: string, start: Source): PlannedUnit[] {
  const names = layerNames(layers)
  const units: PlannedUnit[] = []
  layers.forEach((layer, index) => {
    const source = units.length === 0 ? start : behind(units, `${prefix}${names[index - 1]}`)
    units.push(...planWithActivation(layer, `${prefix}${names[index]}`, source))
  })
  return units
}

const behind = (units: readonly PlannedUnit[], from: string): Source => {
  const { name, outputShape } = units[units.length - 1]
  return { unit: name, shape: outputShape, from }
}

/** An activation option becomes a unit of its own, so that what enters it can be seen. */
function planWithActivation(layer: Layer, name: string, source: Source): PlannedUnit[] {
  const units = layer.use === 'residual' ? planResidual(layer, name, source) : [planOne(layer, name, source)]
  const activation = activationOf(layer)
  if (activation === undefined) return units
  const { unit, shape } = behind(units, name)
  const place = { name: `${name}/activation`, inputShape: shape, from: name }
  const plan = planLayer({ use: 'activation', activation }, place)
  return [...units, { ...unitOf(place.name, name, [unit], plan), activation }]
}

function activationOf(layer: Layer): Activation | undefined {
  // A recurrent layer applies its activation itself, at each step.
  if (layer.use === 'activation' || 'recurrentInitializer' in layer) return undefined
  if (layer.use === 'weightNormalization') return layer.layer.activation
  return 'activation' in layer ? layer.activation : undefined
}

function planOne(layer: Exclude<Layer, { use: 'residual' }>, name: string, source: Source): PlannedUnit {
  const place: Place = { name, inputShape: source.shape, from: source.from }
  const plan =
    layer.use === 'weightNormalization'
      ? normalizeWeights(planLayer(layer.layer, place))
      : planLayer(layer, place)
  const unit = unitOf(name, name, [source.unit], plan)
  return layer.use === 'activation' ? { ...unit, activation: layer.activation } : unit
}

/** The way past the branch, where it does something; the branch; and their sum, which bears the residual's name. */
function planResidual(residual: LayerOf<'residual'>, name: string, source: Source): PlannedUnit[] {
  const stack = planStack(residual.layers, `${name}/`, source)
  const branch = residual.zeroInit ? zeroLast(stack, name) : stack
  const { unit, shape } = behind(branch, name)
  const plan = planShortcut(residual, { name, inputShape: source.shape, from: source.from }, shape)
  const shortcut = plan ? [unitOf(`${name}/shortcut`, name, [source.unit], plan)] : []
  const past = plan ? `${name}/shortcut` : source.unit
  const sum = unitOf(
    name,
    name,
    [unit, past],
    planWithout(shape, (x) => x)
  )
  return [...shortcut, ...branch, sum]
}

/** A branch whose last layer with weights starts at zero; those inside residuals of its own are not its own. */
function zeroLast(units: readonly PlannedUnit[], name: string): PlannedUnit[] {
  const isOwn = ({ layer }: PlannedUnit): boolean => !layer.slice(name.length + 1).includes('/')
  const last = units.findLast((unit) => isOwn(unit) && unit.plan.parameters.some(isWeight))
  return units.map((unit) => (unit === last ? { ...unit, plan: startAtZero(unit.plan) } : unit))
}

const unitOf = (name: string, layer: string, inputs: string[], plan: LayerPlan): PlannedUnit => ({
  name,
  layer,
  inputs,
  outputShape: plan.outputShape,
  plan
})

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
  const rows = summarizeStack(layers, '', units)
  return {
    inputShape: [...inputShape],
    layers: rows,
    parameters: total(rows.map((row) => row.parameters)),
    multiplyAdds: total(rows.map((row) => row.multiplyAdds))
  }
}

function summarizeStack(
  layers: readonly Layer[],
  prefix: string,
  units: readonly PlannedUnit[]
): LayerSummary[] {
  const names = layerNames(layers)
  return layers.map((layer, index) => {
    const name = `${prefix}${names[index]}`
    const own = units.filter((unit) => unit.layer === name)
    const parameters = total(own.flatMap(({ plan }) => plan.parameters).map(({ shape }) => sizeOf(shape)))
    const inside = layer.use === 'residual' ? summarizeStack(layer.layers, `${name}/`, units) : []
    return {
      name,
      use: layer.use,
      outputShape: [...own[own.length - 1].outputShape],
      parameters: parameters + total(inside.map((row) => row.parameters)),
      multiplyAdds:
        total(own.map(({ plan }) => plan.multiplyAdds)) + total(inside.map((row) => row.multiplyAdds)),
      trainable: parameters > 0,
      ...(layer.use === 'residual' && { layers: inside })
    }
  })
}

const total = (numbers: number[]): number => numbers.reduce((sum, each) => sum + each, 0)
