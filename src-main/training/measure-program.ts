import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Activation } from '#contract/vocabulary'
import { measureLayer } from '../health/measure-layer'
import type { Model } from '../models/build'
import { differentiate, type StepInputs, type Task } from './differentiate'
import type { TrainState } from './step'

/** A layer that has weights or an activation, and where it is seen. */
interface Measured {
  layer: string
  /** The unit whose output is the layer's. */
  output: string
  /** The unit that applies its activation. */
  activation?: { unit: string; use: Activation }
  /** Its trained tensors. */
  parameters: string[]
}

/** The layers that are measured, in the order of a row. */
export const measuredLayersOf = (model: Model): string[] => measuredIn(model).map(({ layer }) => layer)

function measuredIn({ units, parameters }: Model): Measured[] {
  const layers = [...new Set(units.map(({ layer }) => layer))]
  return layers.flatMap((layer) => {
    const own = units.filter((unit) => unit.layer === layer)
    const names = parameters.filter((each) => each.layer === layer).map(({ name }) => name)
    const last = own[own.length - 1]
    const activation = last.activation && { unit: last.name, use: last.activation }
    if (!activation && names.length === 0) return []
    return [{ layer, output: last.name, ...(activation && { activation }), parameters: names }]
  })
}

/**
 * What is measured of the layers on the batch of a step: the numbers of each layer, one behind the other. The weights
 * are those before the step, the masks its own. Changes nothing.
 */
export function writeMeasure(
  task: Task,
  hasHistograms: boolean
): (state: TrainState, inputs: StepInputs, scalars: Record<string, Scalar>) => Tensor1D {
  const measured = measuredIn(task.model)

  return (state, inputs, scalars) => {
    const given = new Map<string, { input: Tensor; output: Tensor }>()
    const { gradients } = differentiate(task, state, inputs, scalars, (unit, input, output) =>
      given.set(unit, { input, output })
    )
    const seen = (unit: string): { input: Tensor; output: Tensor } =>
      given.get(unit) as { input: Tensor; output: Tensor }
    const rows = measured.map(({ output, activation, parameters }) =>
      measureLayer(
        {
          output: seen(output).output,
          ...(activation && { pre: seen(activation.unit).input, activation: activation.use }),
          gradients: parameters.map((name) => gradients[name]),
          weights: parameters.map((name) => state.parameters[name])
        },
        hasHistograms
      )
    )
    return rows.length === 0 ? tf.zeros([0]) : tf.concat(rows)
  }
}
