import * as tf from '@tensorflow/tfjs-core'
import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import { randomFrom } from '#contract/random'
import type { ModelArtifact } from '#contract/trainer'
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

/** What the trainer would hand over of a model with random weights, moving averages included; needs a backend. */
export function artifactOf(
  experiment: ModelArtifact['experiment'],
  inputShape: number[],
  count = 100
): ModelArtifact {
  const model = buildModel(experiment.model.layers, inputShape)
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
  const by = experiment.data.prepare.find(({ on }) => on === 'features')?.by ?? 1
  const prepared = tf.mul(tf.tensor(samples, [count, ...inputShape]), by)
  const { outputs } = model.apply(prepared, parameters, state, {}, { training: false })
  return {
    experiment,
    inputShape,
    classes: ['zero', 'one'],
    tensors: Object.entries({ ...parameters, ...state }).map(([name, tensor]) => ({
      name,
      shape: tensor.shape,
      values: tensor.dataSync<'float32'>()
    })),
    samples,
    outputs: outputs.dataSync<'float32'>()
  }
}
