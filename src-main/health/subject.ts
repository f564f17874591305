import type { Experiment } from '#contract/experiment'
import type { DataFacts } from '#contract/health'
import type { ModelSummary } from '#contract/model'
import type { Subject } from './detector'
import { structureOf } from './structure'

/** What a diagnosis is about: an experiment, its model with shapes, and the names of the layers that rows speak of. */
export function subjectOf(
  experiment: Experiment,
  model: ModelSummary,
  layers: readonly string[],
  facts: DataFacts
): Subject {
  const output = model.layers[model.layers.length - 1].outputShape
  return {
    experiment,
    layers: structureOf(experiment.model.layers, model.layers, layers),
    outputs: output.reduce((product, size) => product * size, 1),
    facts
  }
}
