import * as tf from '@tensorflow/tfjs-core'
import { walkLayers } from '#contract/experiment'
import { Failure } from '#contract/failure'
import { layersOf, type ModelSummary, type ParameterTable } from '#contract/model'
import { hash } from '#contract/random'
import type { Layer } from '#contract/vocabulary'
import { initialValues, type InitializedTensor } from './initializers'
import { isKernel, showShape, sizeOf, type Mode, type Tensors } from './layer'
import { scalarsOf } from './layers'
import { INPUT, planUnits, summarize, tabulate, type PlannedUnit, type Unit } from './plan'

/** The values of a kernel by a rule of its own. */
type FillKernel = (tensor: InitializedTensor, seed: number) => Float32Array

/** A model as pure functions over named tensors; nothing in it holds a tensor. */
export interface Model {
  /** Shape of one sample. */
  inputShape: readonly number[]
  /** Shape of the output for one sample. */
  outputShape: readonly number[]
  summary: ModelSummary
  /** The trainable tensors in order. */
  parameters: ParameterTable
  /** Names of the layers that have trainable tensors, in order. */
  layers: string[]
  units: readonly Unit[]
  /** First values of the trainable tensors, keyed `<layer>/<role>`; `kernels` fills those in its own way. */
  initialParameters(seed: number, kernels?: FillKernel): Tensors
  /** What layers keep without training it, such as moving averages, `<layer>/<role>`. */
  state: readonly { name: string; shape: readonly number[] }[]
  /** Its first values by name. */
  initialState(): Tensors
  /** Live numbers as the experiment has them now, keyed `<layer>/<name>`, to be fed to `apply` as scalars. */
  scalars(layers: readonly Layer[]): Record<string, number>
  /**
   * The forward pass over a batch, [batch, ...inputShape]. The new state holds every key of `state`; what did not
   * change is the tensor that came in. `see` is shown what each unit gives and what it was given, in order; what
   * `through` makes of that goes on in its place.
   */
  apply(
    x: tf.Tensor,
    parameters: Tensors,
    state: Tensors,
    fed: Record<string, tf.Scalar>,
    mode: Mode,
    see?: (unit: Unit, output: tf.Tensor, input: tf.Tensor) => void,
    through?: (unit: Unit, output: tf.Tensor) => tf.Tensor
  ): { outputs: tf.Tensor; state: Tensors }
}

/**
 * Builds the layers of an experiment for samples of a shape. Makes no tensor, so that it needs no backend.
 * @throws Failure `model.*` that names the layer, the expected and the found shape.
 */
export function buildModel(layers: readonly Layer[], inputShape: readonly number[]): Model {
  const units = planUnits(layers, inputShape)
  const parameters = tabulate(units)
  let known = { layers, scalars: liveNumbers(layers) }
  return {
    inputShape,
    outputShape: units[units.length - 1].outputShape,
    summary: summarize(layers, units, inputShape),
    parameters,
    layers: layersOf(parameters),
    units: units.map(({ name, layer, outputShape, activation }) => ({
      name,
      layer,
      outputShape,
      ...(activation && { activation })
    })),
    state: units.flatMap(({ name, plan }) =>
      plan.state.map(({ role, shape }) => ({ name: `${name}/${role}`, shape }))
    ),

    initialParameters: (seed, kernels) =>
      Object.fromEntries(units.flatMap((unit) => initialTensors(unit, seed, kernels))),

    initialState: () =>
      Object.fromEntries(
        units.flatMap(({ name, plan }) =>
          plan.state.map(({ role, shape, value }) => [`${name}/${role}`, tf.fill(shape, value)])
        )
      ),

    scalars(current) {
      // Asked for at every step, while the layers change only now and then.
      if (current !== known.layers) known = { layers: current, scalars: liveNumbers(current) }
      return known.scalars
    },

    apply(x, parameters, state, fed, mode, see, through) {
      let outputs = x
      const next = { ...state }
      const given = new Map([[INPUT, x]])
      units.forEach((unit, index) => {
        const { name, inputs, plan } = unit
        const entering = inputs
          .map((input) => given.get(input) as tf.Tensor)
          .reduce((sum, each) => tf.add(sum, each))
        const own = {
          parameters: within(parameters, name),
          state: within(state, name),
          scalars: within(fed, name)
        }
        const result = plan.apply(entering, own, mode, saltOf(index))
        outputs = through ? through(unit, result.output) : result.output
        given.set(name, outputs)
        see?.(unit, outputs, entering)
        for (const [role, tensor] of Object.entries(result.state ?? {})) next[`${name}/${role}`] = tensor
      })
      return { outputs, state: next }
    }
  }
}

const liveNumbers = (layers: readonly Layer[]): Record<string, number> =>
  Object.fromEntries(
    walkLayers(layers).flatMap(({ layer, name }) =>
      Object.entries(scalarsOf(layer)).map(([key, value]) => [`${name}/${key}`, value])
    )
  )

/** The first values of a unit's trainable tensors by name. */
function initialTensors(
  { name, plan }: PlannedUnit,
  seed: number,
  fillKernel: FillKernel | undefined
): [string, tf.Tensor][] {
  const values: Record<string, Float32Array> = {}
  return plan.parameters.map((parameter) => {
    const { role, shape, fanIn, fanOut, initializer } = parameter
    const tensor = { name: `${name}/${role}`, shape, fanIn, fanOut }
    if (parameter.zero) values[role] = new Float32Array(sizeOf(shape))
    else if (fillKernel && isKernel(role)) values[role] = fillKernel(tensor, seed)
    else if (typeof initializer === 'function') values[role] = initializer(values)
    else values[role] = initialValues(initializer, tensor, seed)
    if (parameter.ones && !parameter.zero) values[role].fill(1, ...parameter.ones)
    return [tensor.name, tf.tensor(values[role], shape)]
  })
}

/**
 * Checks that a loss can compare what a model gives with what a dataset holds: as many outputs as there are classes or
 * numbers in a target; for two classes one output is enough.
 * @throws Failure `model.outputNotFlat`, `model.outputClasses`, `model.outputNumbers`.
 */
export function checkOutput(
  model: { summary: ModelSummary },
  { classes, targetSize }: { classes?: number; targetSize?: number }
): void {
  const { name, outputShape } = model.summary.layers[model.summary.layers.length - 1]
  const found = showShape(outputShape)
  const [size] = outputShape
  if (outputShape.length !== 1) throw new Failure('model.outputNotFlat', { layer: name, found })
  if (classes !== undefined && size !== classes && !(classes === 2 && size === 1))
    throw new Failure('model.outputClasses', { layer: name, found, classes, expected: showShape([classes]) })
  if (classes === undefined && targetSize !== undefined && size !== targetSize)
    throw new Failure('model.outputNumbers', {
      layer: name,
      found,
      numbers: targetSize,
      expected: showShape([targetSize])
    })
}

/**
 * A salt for the unit at a place. TensorFlow's kernel adds it to the number of the step: were it the place itself, two
 * dropouts would use the same mask a few steps apart.
 */
const saltOf = (index: number): number => hash(index) | 0

/** The entries whose key is `<name>/<role>`, keyed by role. */
function within<Value>(record: Record<string, Value>, name: string): Record<string, Value> {
  const prefix = `${name}/`
  return Object.fromEntries(
    Object.entries(record)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value])
  )
}
