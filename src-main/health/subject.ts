import type { Experiment } from '#contract/experiment'
import type { DataFacts } from '#contract/health'
import { rowsOf, type ModelSummary } from '#contract/model'
import type { Subject } from './detector'
import { structureOf } from './structure'

/** Names of the layers that rows and measurements of a run speak of, in their order; none where it keeps nothing of them. */
export interface SeenNames {
  layers: readonly string[]
  measured: readonly string[]
}

/** What a diagnosis is about: an experiment, its model with shapes, and the layers that are seen. */
export function subjectOf(
  experiment: Experiment,
  model: ModelSummary,
  { layers, measured }: SeenNames,
  facts: DataFacts
): Subject {
  const output = model.layers[model.layers.length - 1].outputShape
  // What is wrong with the structure is told also where no row speaks of a layer.
  const names = layers.length > 0 ? layers : trainableOf(model)
  return {
    experiment,
    layers: structureOf(experiment.model.layers, model.layers, names),
    measured,
    outputs: output.reduce((product, size) => product * size, 1),
    facts
  }
}

const trainableOf = (model: ModelSummary): string[] =>
  rowsOf(model.layers)
    .filter(({ trainable }) => trainable)
    .map(({ name }) => name)
