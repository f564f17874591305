import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import { startEngine } from '../../src-main/engine/backends'
import { nativeBackend } from '../../src-main/engine/native'
import { partOf, type Part } from '../../src-main/datasets/parts'
import { buildModel } from '../../src-main/models/build'
import { lossOf } from '../../src-main/models/losses'
import { evaluate } from '../../src-main/training/evaluate'
import { feedOf } from '../../src-main/training/feed'
import { prepareTensors } from '../../src-main/training/prepare-tensors'
import { openScoring, type Scorer } from '../../src-main/training/scoring'

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

function scorer(): Scorer & { weights(seed: number): Parameters<ReturnType<typeof openScoring>['take']>[0] } {
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
    feed: feedOf(preparation),
    prepare: prepareTensors(preparation),
    preparation,
    classes: ['a', 'b', 'c'],
    weights: (seed) => ({ parameters: model.initialParameters(seed), layerState: model.initialState() })
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
const score = async (
  own: ReturnType<typeof scorer>,
  scoring: ReturnType<typeof openScoring>,
  count: number
) => (await evaluate(own, scoring, partOfCount(count), () => Promise.resolve())).score()

test.each([[7], [500], [1201]])('%d samples in batches score as they do all at once', async (count) => {
  const own = scorer()
  const weights = own.weights(1)
  const scoring = openScoring(own)
  scoring.take(weights)
  const found = await score(own, scoring, count)
  expect(scoring.reason).toBeUndefined()
  scoring.dispose()

  const [loss, accuracy] = tf.tidy(() => {
    const { features, targets } = partOfCount(count).gather(partOfCount(count).indices)
    const { outputs } = own.model.apply(
      own.prepare.features(tf.tensor(features, [count, ...SHAPE])),
      weights.parameters,
      weights.layerState,
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
  tf.dispose([weights.parameters, weights.layerState])
})

test('new weights are scored by the same program, and scoring leaves no tensor behind', async () => {
  const own = scorer()
  const [first, second] = [own.weights(1), own.weights(2)]
  const scoreInTurn = async () => {
    const scoring = openScoring(own)
    const scores = []
    for (const weights of [first, second, first]) {
      scoring.take(weights)
      scores.push(await score(own, scoring, 600))
    }
    scoring.dispose()
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
  const weights = own.weights(1)
  const scoring = openScoring(own)
  scoring.take(weights)
  const expected = await score(own, scoring, 600)
  scoring.dispose()

  const { model } = own
  const reading: ReturnType<typeof scorer> = {
    ...own,
    model: {
      ...model,
      apply: (x, ...rest) => {
        x.dataSync()
        return model.apply(x, ...rest)
      }
    }
  }
  const spoiled = openScoring(reading)
  spoiled.take(weights)
  const found = await score(reading, spoiled, 600)
  expect(found.loss).toBeCloseTo(expected.loss, 5)
  expect([found.accuracy, spoiled.reason?.key]).toEqual([expected.accuracy, 'training.scoredEagerly.read'])
  spoiled.dispose()
  tf.dispose([weights.parameters, weights.layerState])
})
