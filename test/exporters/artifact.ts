import * as tf from '@tensorflow/tfjs-core'
import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import type { Affine, PreparationPlan } from '#contract/preparation'
import { randomFrom } from '#contract/random'
import type { ModelArtifact } from '#contract/trainer'
import { prepareSamples } from '../../src-main/datasets/preparation/apply'
import { buildModel } from '../../src-main/models/build'

/** An experiment with these layers for classes, raw bytes scaled to 0 … 1; `changes` replace parts of it. */
export const experimentOf = (
  layers: ExperimentInput['model']['layers'],
  changes: Partial<ExperimentInput> = {}
) =>
  parseExperiment({
    version: 1,
    data: { source: { use: 'digits' }, prepare: [{ use: 'scale', by: 1 / 255 }] },
    model: { layers },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [{ use: 'sgd', rate: 0.1 }],
    training: { batchSize: 4, epochs: 1 },
    ...changes
  })

/** The plan of an experiment that scales and does nothing else, for samples of a shape. */
export const planOf = (experiment: ModelArtifact['experiment'], inputShape: number[]): PreparationPlan => {
  const by = (on: 'features' | 'targets'): Affine[] =>
    experiment.data.prepare.flatMap((step) =>
      step.use === 'scale' && step.on === on ? [{ use: 'affine', subtract: [0], multiply: [step.by] }] : []
    )
  const [targets] = by('targets')
  return {
    version: 1,
    sampleShape: inputShape,
    shape: inputShape,
    features: by('features'),
    ...(targets && { targets }),
    cleaned: []
  }
}

/** What the trainer would hand over of a model with random weights, moving averages included; needs a backend. */
export function artifactOf(
  experiment: ModelArtifact['experiment'],
  inputShape: number[],
  count = 100,
  preparation = planOf(experiment, inputShape)
): ModelArtifact {
  const model = buildModel(experiment.model.layers, preparation.shape)
  const random = randomFrom('artifact')
  const parameters = model.initialParameters(1)
  const state = model.initialState()
  for (const name of Object.keys(state)) {
    const { shape, size } = state[name]
    state[name] = tf.tensor(
      Float32Array.from({ length: size }, () => 0.5 + random()),
      shape
    )
  }
  const size = inputShape.reduce((product, each) => product * each, 1)
  const samples = Float32Array.from({ length: count * size }, () => Math.floor(random() * 256))
  const values = prepareSamples(preparation, samples)
  const prepared = tf.tensor(values, [count, ...preparation.shape])
  const { outputs } = model.apply(prepared, parameters, state, {}, { training: false })
  return {
    experiment,
    preparation,
    classes: ['zero', 'one'],
    model: model.summary,
    tensors: Object.entries({ ...parameters, ...state }).map(([name, tensor]) => ({
      name,
      shape: tensor.shape,
      values: tensor.dataSync<'float32'>()
    })),
    samples,
    prepared: values,
    outputs: outputs.dataSync<'float32'>()
  }
}
