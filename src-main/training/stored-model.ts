import * as tf from '@tensorflow/tfjs-core'
import { Failure } from '#contract/failure'
import { changeLive } from '#contract/live'
import type { ActiveEngine } from '#contract/engine'
import type { Experiment } from '#contract/experiment'
import type { Scores } from '#contract/run'
import type { ModelArtifact, TrainerRequests } from '#contract/trainer'
import type { OutputOf } from '#contract/wire'
import type { Part } from '../datasets/parts'
import { readNewestCheckpoint, readTensors, type Checkpoint } from './checkpoint'
import { applyModel, evaluate } from './evaluate'
import { readEvents, readExperiment } from './run-log'
import { openModel, type OpenedModel } from './session'

/** Samples in one forward pass of a prediction. */
const PREDICTION_BATCH = 500

/** A stored run's model at its newest checkpoint, ready for use. */
interface StoredModel extends OpenedModel {
  experiment: Experiment
  checkpoint: Checkpoint
}

async function openStoredModel(folder: string, dataset: string): Promise<StoredModel> {
  const events = await readEvents(folder)
  const experiment = events
    .filter((event) => event.type === 'changed')
    .reduce((changed, { path, to }) => changeLive(changed, path, to), await readExperiment(folder))
  const opened = await openModel(experiment, dataset)
  const checkpoint = await readNewestCheckpoint(folder)
  if (!checkpoint) throw new Failure('training.noCheckpoint', { path: folder })
  return { ...opened, experiment, checkpoint }
}

/** Scores of a stored run's model on every part of its data. */
export async function evaluateStored(
  folder: string,
  dataset: string,
  engine: ActiveEngine
): Promise<OutputOf<TrainerRequests, 'evaluate'>> {
  const stored = await openStoredModel(folder, dataset)
  const scores: Scores = {}
  for (const [name, part] of Object.entries<Part | undefined>({ ...stored.parts }))
    if (part && part.count > 0)
      scores[name as keyof Scores] = await evaluate(stored, stored.checkpoint.state, part, () =>
        Promise.resolve()
      )
  return { scores, engine: engine.name, step: stored.checkpoint.position.step }
}

/** Outputs of a stored run's model for raw samples; probabilities where the loss takes a softmax of them. */
export async function predictStored(
  folder: string,
  dataset: string,
  { count, features }: { count: number; features: Float32Array },
  engine: ActiveEngine
): Promise<OutputOf<TrainerRequests, 'predict'>> {
  const stored = await openStoredModel(folder, dataset)
  const outputs = answer(stored, features, count, stored.experiment.loss.use === 'softmaxCrossEntropy')
  return { outputs, size: stored.model.outputShape[0], engine: engine.name }
}

/** A stored run's weights as plain arrays, with raw samples of its test part and what it answers for them. */
export async function readArtifact(folder: string, dataset: string, samples: number): Promise<ModelArtifact> {
  const stored = await openStoredModel(folder, dataset)
  const { test, train } = stored.parts
  const part = test.count > 0 ? test : train
  const count = Math.min(samples, part.count)
  const { features } = part.gather(Uint32Array.from({ length: count }, (_, index) => index))
  const { parameters, layerState } = stored.checkpoint.state
  return {
    experiment: stored.experiment,
    inputShape: [...stored.model.inputShape],
    classes: stored.classes,
    tensors: readTensors({ parameters, layerState, chainState: {} }).map(({ name, shape, values }) => ({
      name: name.slice(name.indexOf('/') + 1),
      shape,
      values
    })),
    samples: features,
    outputs: answer(stored, features, count, false)
  }
}

function answer(
  stored: StoredModel,
  features: Float32Array,
  count: number,
  asProbabilities: boolean
): Float32Array {
  const { model, feed, checkpoint } = stored
  const size = model.outputShape[0]
  const sampleSize = model.inputShape.reduce((product, length) => product * length, 1)
  const outputs = new Float32Array(count * size)
  for (let start = 0; start < count; start += PREDICTION_BATCH) {
    const batch = Math.min(PREDICTION_BATCH, count - start)
    const values = tf.tidy(() => {
      const inputs = feed({
        count: batch,
        features: features.slice(start * sampleSize, (start + batch) * sampleSize),
        targets: new Int32Array(0),
        seed: [0, 0]
      })
      const result = applyModel(model, checkpoint.state, inputs.features)
      return (asProbabilities ? tf.softmax(result) : result).dataSync() as Float32Array
    })
    outputs.set(values, start * size)
  }
  return outputs
}
