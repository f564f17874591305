import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '#contract/experiment'
import type { NamedTensor } from '#contract/model'
import { activations } from '../../src-main/models/activations'
import { buildModel } from '../../src-main/models/build'
import { outputForm } from '../../src-main/exporters/outputs'
import { prepareSamples } from '../../src-main/datasets/preparation/apply'
import { planOf } from '../exporters/artifact'

interface Numbers {
  shape: number[]
  values: number[]
}

/** What Keras answers for fixed samples, by the name of the model. */
export const kerasAnswers = JSON.parse(
  readFileSync(new URL('../fixtures/models/outputs.json', import.meta.url), 'utf8')
) as Record<string, { samples: Numbers; outputs: Numbers }>

/** What an experiment with these weights answers for raw samples, in the form that its exports have; needs a backend. */
export function answersOf(
  { experiment, tensors }: { experiment: Experiment; tensors: NamedTensor[] },
  { shape: [count], values }: Numbers,
  featureShape: readonly number[]
): number[] {
  const model = buildModel(experiment.model.layers, featureShape)
  const all = Object.fromEntries(
    tensors.map(({ name, shape, values }) => [name, tf.tensor(values, shape, 'float32')])
  )
  const state = Object.fromEntries(Object.keys(model.initialState()).map((name) => [name, all[name]]))
  const preparation = planOf(experiment, [...featureShape])
  const samples = tf.tensor(prepareSamples(preparation, values), [count, ...featureShape])
  const { outputs } = model.apply(samples, all, state, {}, { training: false })
  const { activation, targets = { scale: [1], add: [0] } } = outputForm({ experiment, preparation })
  const answers = activation ? activations[activation](outputs) : outputs
  return Array.from(tf.add(tf.mul(answers, targets.scale), targets.add).dataSync())
}
