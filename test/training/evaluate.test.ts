import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import { startEngine } from '../../src-main/engine/backends'
import { nativeBackend } from '../../src-main/engine/native'
import { partOf, type Part } from '../../src-main/datasets/parts'
import { buildModel } from '../../src-main/models/build'
import { lossOf } from '../../src-main/models/losses'
import { evaluate } from '../../src-main/training/evaluate'
import { prepareTensors } from '../../src-main/training/prepare-tensors'
import { writePrograms, type ProgramTask } from '../../src-main/training/program-functions'
import { openPrograms, type Programs } from '../../src-main/training/programs'
import type { TrainState } from '../../src-main/training/step'

beforeAll(async () => void (await startEngine('native-cpu')))

const SHAPE = [6, 6, 1]
const preparation = {
  version: 1 as const,
  sampleShape: SHAPE,
  shape: SHAPE,
  features: [{ use: 'affine' as const, subtract: [0.5], multiply: [2] }],
  cleaned: []
}
const layers: ExperimentInput['model']['layers'] = [
  { use: 'conv2d', filters: 4, kernelSize: 3, activation: 'relu' },
  { use: 'batchNormalization' },
  { use: 'flatten' },
  { use: 'dropout', rate: 0.5 },
  { use: 'dense', units: 3 }
]

interface Scorer extends ProgramTask {
  preparation: typeof preparation
  state(seed: number): TrainState
}

function scorer(): Scorer {
  const experiment = parseExperiment({
    version: 1,
    data: { source: { use: 'digits' } },
    model: { layers },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [{ use: 'sgd', rate: 1 }],
    training: { batchSize: 8, steps: 1 }
  })
  const model = buildModel(experiment.model.layers, SHAPE)
  return {
    model,
    loss: lossOf(experiment.loss, true),
    prepare: prepareTensors(preparation),
    preparation,
    classes: ['a', 'b', 'c'],
    state: (seed) => ({
      parameters: model.initialParameters(seed),
      layerState: model.initialState(),
      chainState: {}
    })
  }
}

/** As many samples as wanted, all different, as a part of a dataset holds them. */
const partOfCount = (count: number): Part =>
  partOf({
    from: 'test',
    indices: Uint32Array.from({ length: count }, (_, index) => index),
    features: Float32Array.from({ length: count * 36 }, (_, at) => {
      const sample = Math.floor(at / 36)
      return ((sample * 7919 + (at % 36) * 104729) % 997) / 997
    }),
    featureSize: 36,
    targets: Int32Array.from({ length: count }, (_, position) => position % 3),
    targetSize: 1
  })
const open = (own: Scorer, seed = 1): Programs =>
  openPrograms({ functions: writePrograms(own), sampleShape: SHAPE, state: own.state(seed) })
const score = async (own: Scorer, programs: Programs, count: number) =>
  (await evaluate(own, programs, partOfCount(count), () => Promise.resolve())).score()

test.each([[7], [500], [1201]])('%d samples in batches score as they do all at once', async (count) => {
  const own = scorer()
  const programs = open(own)
  const found = await score(own, programs, count)
  expect(programs.reasons).toEqual({})

  const [loss, accuracy] = tf.tidy(() => {
    const { features, targets } = partOfCount(count).gather(partOfCount(count).indices)
    const { outputs } = own.model.apply(
      own.prepare.features(tf.tensor(features, [count, ...SHAPE])),
      programs.state.parameters,
      programs.state.layerState,
      {},
      { training: false }
    )
    const wanted = tf.tensor1d(targets, 'int32')
    return [own.loss.compute(outputs, wanted), own.loss.accuracy?.(outputs, wanted) as tf.Tensor].map(
      (tensor) => tensor.dataSync()[0]
    )
  })
  expect(found.loss).toBeCloseTo(loss, 5)
  expect(found.accuracy).toBeCloseTo(accuracy, 6)
  programs.dispose()
})

test('new weights are scored by the same program, and scoring leaves no tensor behind', async () => {
  const own = scorer()
  const scoreInTurn = async () => {
    const programs = open(own)
    const scores = []
    for (const seed of [1, 2, 1]) {
      programs.replace(own.state(seed))
      scores.push(await score(own, programs, 600))
    }
    programs.dispose()
    return scores
  }
  const scores = await scoreInTurn()
  expect(scores[2]).toEqual(scores[0])
  expect(scores[1]).not.toEqual(scores[0])
  const before = [tf.memory().numTensors, nativeBackend().binding.getNumOfTensors()]
  await scoreInTurn()
  expect([tf.memory().numTensors, nativeBackend().binding.getNumOfTensors()]).toEqual(before)
})

test('a model that reads numbers is scored kernel after kernel, and the reason is told', async () => {
  const own = scorer()
  const programs = open(own)
  const expected = await score(own, programs, 600)
  programs.dispose()

  const { model } = own
  const reading: Scorer = {
    ...own,
    model: {
      ...model,
      apply: (x, ...rest) => {
        x.dataSync()
        return model.apply(x, ...rest)
      }
    }
  }
  const spoiled = open(reading)
  const found = await score(reading, spoiled, 600)
  expect(found.loss).toBeCloseTo(expected.loss, 5)
  expect([found.accuracy, spoiled.reasons.evaluate?.key]).toEqual([
    expected.accuracy,
    'training.eager.evaluate.read'
  ])
  spoiled.dispose()
})
