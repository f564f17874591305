import { parseExperiment, type Experiment, type ExperimentInput } from '#contract/experiment'
import { measuredColumns, type MeasuredColumn } from '#contract/measures'
import { columnOf, layerColumnOf, rowWidth, StepFlag } from '#contract/step-rows'
import type { Subject } from '../../src-main/health/detector'
import { openDiagnosis, type Change, type Diagnosis } from '../../src-main/health/diagnose'
import { structureOf } from '../../src-main/health/structure'

type LayerInput = ExperimentInput['model']['layers'][number]

/** An experiment on ten classes with these layers. */
export const experimentWith = (layers: LayerInput[], changes: Partial<ExperimentInput> = {}): Experiment =>
  parseExperiment({
    version: 1,
    data: { source: { use: 'digits' } },
    model: { layers },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [{ use: 'sgd', rate: 0.1 }],
    training: { batchSize: 10, steps: 1000 },
    ...changes
  })

/** What a diagnosis of it is about; every layer with weights has 100 inputs and 10 outputs. */
export function subjectWith(
  experiment: Experiment,
  names: string[],
  facts: Partial<Subject['facts']> = {}
): Subject {
  const summaries = names.map((name) => ({
    name,
    use: name.replace(/_\d+$/, ''),
    outputShape: [10],
    parameters: 1010,
    multiplyAdds: 1000,
    trainable: true
  }))
  return {
    experiment,
    layers: structureOf(experiment.model.layers, summaries, names),
    measured: names,
    outputs: 10,
    facts: { classes: 10, featureScale: 1, ...facts }
  }
}

/** What a row of a test says; what is left out is healthy. */
export interface SaidStep {
  loss?: number
  gradients: number[]
  updates?: number[]
  weights?: number[]
  refused?: boolean
  /** What was measured of each layer; nothing was measured where this is left out. */
  measured?: Partial<Record<MeasuredColumn, number>>[]
}

/** The stored row of a step. */
export function rowOf({ loss = 2.3, gradients, updates, weights, refused = false }: SaidStep): Float32Array {
  const row = new Float32Array(rowWidth(gradients.length))
  const total = Math.hypot(...gradients)
  row[columnOf('loss')] = loss
  row[columnOf('rate')] = 0.1
  row[columnOf('gradientBefore')] = total
  row[columnOf('gradientAfter')] = total
  row[columnOf('flags')] = refused ? StepFlag.refused | StepFlag.nonFinite : 0
  gradients.forEach((gradient, layer) => {
    row[layerColumnOf(layer, 'gradientBefore')] = gradient
    row[layerColumnOf(layer, 'gradientAfter')] = gradient
    row[layerColumnOf(layer, 'update')] = updates?.[layer] ?? 0.1 * gradient
    row[layerColumnOf(layer, 'weight')] = weights?.[layer] ?? 10
  })
  return row
}

/** The stored row of what was measured at a step; NaN for what is not said. */
export const measuredRow = (step: number, layers: NonNullable<SaidStep['measured']>): Float32Array =>
  Float32Array.of(step, ...layers.flatMap((said) => measuredColumns.map((column) => said[column] ?? NaN)))

/** Lets a diagnosis see so many steps, and gives all that changed. */
export function see(
  diagnosis: Diagnosis,
  from: number,
  steps: number,
  say: (step: number) => SaidStep
): Change[] {
  return Array.from({ length: steps }, (_, index) => from + index).flatMap((step) => {
    const said = say(step)
    return diagnosis.look(rowOf(said), step, said.measured && measuredRow(step, said.measured))
  })
}

/** The alarms that stand after these steps: kind, layer and cause. */
export function found(subject: Subject, steps: number, say: (step: number) => SaidStep): string[] {
  const diagnosis = openDiagnosis(subject)
  diagnosis.begin()
  see(diagnosis, 1, steps, say)
  return tell(diagnosis)
}
export const tell = (diagnosis: Diagnosis): string[] =>
  diagnosis.findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ kind, layer, cause }) => `${kind} ${layer ?? '–'} ${cause}`)
