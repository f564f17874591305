import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import type { PreparationPlan } from '#contract/preparation'
import { randomFrom } from '#contract/random'
import { columnOf } from '#contract/step-rows'
import type { TrainerEvent } from '#contract/trainer'
import { writePrepared } from '../../src-main/datasets/prepared'
import { startEngine } from '../../src-main/engine/backends'
import { createTrainingService, type TrainingService } from '../../src-main/training/service'
import { handleOf, samplesOf } from '../fixtures/dataset'
import { eventsOf, experimentOf, lastStepOf, trainToEnd, useWorkplace, weightsIn } from './sitting'

const workplace = useWorkplace()
let folder: string
let dataset: string
const COUNT = 200
const random = randomFrom('numbers')
/** Features of very different sizes; the target is a thousand times a sum of theirs, and a hundred. */
const features = Float32Array.from({ length: COUNT * 2 }, (_, i) =>
  i % 2 === 0 ? 5000 + random() : 1e-3 * random()
)
const targets = Float32Array.from(
  { length: COUNT },
  (_, i) => 1000 * (features[2 * i] - 5000) + 500_000 * features[2 * i + 1] + 100
)

async function prepare(
  train = features,
  wanted: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> = targets,
  shape = [2]
) {
  const { summary, ...parts } = handleOf(samplesOf(train, wanted), shape)
  const into = join(workplace.library, `data-${Math.floor(1e9 * random())}`)
  await writePrepared({ ...summary, train: parts.train }, summary, into)
  return into
}
beforeAll(async () => {
  dataset = await prepare()
})
beforeEach(() => (folder = workplace.nextFolder()))

const regression = (data: Partial<ExperimentInput['data']> = {}, changes: Partial<ExperimentInput> = {}) =>
  experimentOf({
    data: {
      source: { use: 'digits' },
      prepare: [{ use: 'standardize' }, { use: 'standardize', on: 'targets' }],
      split: { validation: 0.2 },
      ...data
    },
    model: { layers: [{ use: 'dense', units: 1 }] },
    loss: { use: 'meanSquaredError' },
    gradients: [{ use: 'adam', rate: 0.05 }],
    training: { batchSize: 16, epochs: 12 },
    ...changes
  })
const stored = (): TrainingService => createTrainingService(startEngine, () => {})
const planIn = (run: string): PreparationPlan =>
  JSON.parse(readFileSync(join(run, 'preparation.json'), 'utf8')) as PreparationPlan

describe('a regression with standardized features and targets', () => {
  test('learns what it could not learn raw, and is scored in raw units', async () => {
    const { ended, events } = await trainToEnd({ folder, dataset, experiment: regression() })
    const { train, validation, test } = ended?.summary ?? {}
    for (const score of [train, validation, test]) {
      expect(Object.keys(score ?? {})).toEqual(['loss', 'mae', 'r2'])
      expect(score?.r2).toBeGreaterThan(0.98)
      expect(score?.mae).toBeLessThan(40)
      // Of targets with deviation 1 the loss is about 1 − R².
      expect(score?.loss).toBeCloseTo(1 - (score?.r2 ?? 0), 1)
    }
    const [epoch] = eventsOf(events, 'epoch')
    expect(Object.keys(epoch.scores.train ?? {})).toEqual(['loss', 'mae'])
    expect(epoch.scores.train?.mae).toBeGreaterThan(40)
    const rows = events.flatMap((event) => (event.type === 'steps' ? [event.batch] : []))
    const first = rows[0].values
    expect(first[columnOf('accuracy')]).toBeNaN()
    expect(first[columnOf('mae')]).toBeGreaterThan(100)
  })

  test('answers in raw units: as a prediction, as a look, and scored by hand', async () => {
    await trainToEnd({ folder, dataset, experiment: regression() })
    const service = stored()
    const { outputs } = await service.handlers.predict({ folder, dataset, count: COUNT, features })
    const apart = Array.from(outputs, (output, i) => Math.abs(output - targets[i]))
    expect(Math.max(...apart)).toBeLessThan(200)
    const look = await service.handlers.look({ folder, dataset, features: features.slice(0, 2) })
    expect(look.outputs[0]).toBeCloseTo(outputs[0], 2)
    // The layer itself still gives the prepared number.
    expect(Math.abs(look.activations[0].values[0])).toBeLessThan(4)
    const { scores, classScores } = await service.handlers.evaluate({ folder, dataset })
    expect(Object.keys(scores)).toEqual(['train', 'validation', 'test'])
    const all = (['train', 'validation', 'test'] as const).map((part) => scores[part]?.mae ?? NaN)
    const sizes = [128, 32, 40]
    const mean = all.reduce((sum, mae, i) => sum + mae * sizes[i], 0) / COUNT
    expect(mean).toBeCloseTo(apart.reduce((sum, each) => sum + each, 0) / COUNT, 1)
    expect(classScores).toBeUndefined()
  })

  test('hands the fitted numbers, raw and prepared samples to whoever exports it', async () => {
    await trainToEnd({ folder, dataset, experiment: regression() })
    const artifact = await stored().handlers.artifact({ folder, dataset, samples: 5 })
    const plan = planIn(folder)
    expect(artifact.preparation).toEqual(plan)
    const [affine] = plan.features
    if (affine.use !== 'affine') throw new Error(affine.use)
    artifact.prepared.forEach((value, i) =>
      expect(value).toBeCloseTo((artifact.samples[i] - affine.subtract[i % 2]) * affine.multiply[i % 2], 2)
    )
    expect(artifact.outputs.every((output) => Math.abs(output) < 4)).toBe(true)
  })

  test('stops early by its error, which is better when it is smaller', async () => {
    const experiment = regression(
      {},
      {
        gradients: [{ use: 'sgd', rate: 0 }],
        training: { batchSize: 16, epochs: 9, stopEarly: { monitor: 'validation.mae', patience: 2 } }
      }
    )
    const { ended } = await trainToEnd({ folder, dataset, experiment })
    expect(ended?.summary).toMatchObject({ stopped: 'early', epochs: 3 })
  })
})

describe('what was fitted when a run began', () => {
  /** The numbers of a plan replaced by others, as if the data had been others then. */
  const falsify = (run: string): PreparationPlan => {
    const plan = planIn(run)
    const other: PreparationPlan = {
      ...plan,
      features: [{ use: 'affine', subtract: [0, 0], multiply: [0, 0] }],
      targets: { use: 'affine', subtract: [7], multiply: [1] }
    }
    writeFileSync(join(run, 'preparation.json'), JSON.stringify(other))
    return other
  }

  test('is used by everything that comes later, and never fitted again', async () => {
    await trainToEnd({ folder, dataset, experiment: regression() })
    const other = falsify(folder)
    const service = stored()
    const ask = { folder, dataset, count: 2, features: features.slice(0, 4) }
    const { outputs } = await service.handlers.predict(ask)
    // With every feature zero both samples are answered by the bias, 7 away from the prepared number.
    expect(outputs[0]).toBe(outputs[1])
    const { activations } = await service.handlers.look({ ...ask, features: features.slice(0, 2) })
    expect(outputs[0]).toBeCloseTo(activations[0].values[0] + 7, 4)
    expect((await service.handlers.artifact({ folder, dataset, samples: 1 })).preparation).toEqual(other)
    expect((await service.handlers.evaluate({ folder, dataset })).scores.test?.r2).toBeLessThan(0.5)
    await trainToEnd({ folder, dataset, moreEpochs: 1 })
    expect(planIn(folder)).toEqual(other)
  })

  test('is on disk before the experiment, so that no run is ever without', async () => {
    // A folder in its place cannot be replaced by a file.
    mkdirSync(join(folder, 'preparation.json', 'inside'), { recursive: true })
    await expect(trainToEnd({ folder, dataset, experiment: regression() })).rejects.toThrow()
    expect(readdirSync(folder)).toEqual(['preparation.json'])
  })

  test('that is damaged is refused with the file', async () => {
    await trainToEnd({
      folder,
      dataset,
      experiment: regression({}, { training: { batchSize: 16, steps: 1 } })
    })
    writeFileSync(join(folder, 'preparation.json'), '{"version": 2}')
    await expect(Promise.resolve(stored().handlers.evaluate({ folder, dataset }))).rejects.toMatchObject({
      key: 'storage.damaged',
      values: { path: join(folder, 'preparation.json') }
    })
  })
})

describe('data that cannot be trained on is refused before anything is written', () => {
  const start = async (
    data: Partial<ExperimentInput['data']>,
    where = dataset,
    changes: Partial<ExperimentInput> = {}
  ) =>
    createTrainingService(startEngine, () => {}).handlers.train({
      folder,
      dataset: where,
      experiment: regression(data, changes)
    })
  test('with a missing value', async () => {
    const holed = features.slice()
    holed[13] = NaN
    await expect(start({}, await prepare(holed))).rejects.toMatchObject({ key: 'data.missingFeature.train' })
    await expect(start({ augment: [{ use: 'rotate' }] })).rejects.toMatchObject({ key: 'data.needsImages' })
    await expect(start({ classWeights: 'balanced' })).rejects.toMatchObject({
      key: 'data.classWeightsNeedClasses'
    })
  })

  test.each([
    ['validation.loss', { split: undefined }, 'training.noValidation'],
    ['test.accuracy', {}, 'training.noAccuracy']
  ] as const)('while %s is watched that there will not be', async (monitor, data, key) => {
    const training = { batchSize: 16, epochs: 2, stopEarly: { monitor } }
    await expect(start(data, dataset, { training })).rejects.toMatchObject({ key, values: { monitor } })
  })
})

test('a sequence goes all the way: standardized by feature, trained, resumed and looked at', async () => {
  const sequences = Float32Array.from({ length: 60 * 5 * 2 }, (_, i) =>
    i % 2 === 0 ? random() : 1000 * random()
  )
  const labels = Int32Array.from({ length: 60 }, (_, i) => (sequences[i * 10] > 0.5 ? 1 : 0))
  const where = await prepare(sequences, labels, [5, 2])
  const experiment = regression(
    { prepare: [{ use: 'standardize' }], augment: [{ use: 'noise', stddev: 0.01 }, { use: 'mixup' }] },
    {
      model: { layers: [{ use: 'flatten' }, { use: 'dense', units: 3 }] },
      loss: { use: 'softmaxCrossEntropy' }
    }
  )
  const { ended } = await trainToEnd({ folder, dataset: where, experiment })
  expect(ended?.summary.test).toMatchObject({ accuracy: expect.any(Number) as number })
  expect(planIn(folder)).toMatchObject({ sampleShape: [5, 2], shape: [5, 2], features: [{ use: 'affine' }] })
  const { outputs } = await stored().handlers.look({
    folder,
    dataset: where,
    features: sequences.slice(0, 10)
  })
  expect(outputs.length).toBe(3)
})

describe('batches that are changed on the way', () => {
  /** Everything that can happen to a batch of digits. */
  const data: ExperimentInput['data'] = {
    source: { use: 'digits' },
    prepare: [{ use: 'resize', height: 14, width: 14 }, { use: 'standardize' }],
    augment: [{ use: 'shift' }, { use: 'noise', stddev: 10 }, { use: 'mixup' }],
    limit: { train: 200, test: 100 },
    split: { validation: 0.2 },
    classWeights: 'balanced',
    faults: [
      { use: 'permuteLabels', share: 0.1 },
      { use: 'scaleBatch', every: 5, by: 2 }
    ]
  }

  test('are the same ones when the run is interrupted and goes on', async () => {
    const experiment = experimentOf({ data })
    const digits = workplace.dataset
    const straight = workplace.nextFolder()
    await trainToEnd({ folder: straight, dataset: digits, experiment })
    let stopped = false
    const when = (event: TrainerEvent, service: TrainingService): void => {
      if (!stopped && lastStepOf(event) >= 3) {
        stopped = true
        service.stop('interrupted')
      }
    }
    await trainToEnd({ folder, dataset: digits, experiment }, when)
    await trainToEnd({ folder, dataset: digits })
    expect(await weightsIn(folder)).toEqual(await weightsIn(straight))
  })

  test('leave evaluation as it is: whole samples, right labels, equal weights', async () => {
    const digits = workplace.dataset
    const plain: ExperimentInput['data'] = { ...data, augment: [], classWeights: undefined, faults: [] }
    const still = { gradients: [{ use: 'sgd' as const, rate: 0 }], training: { batchSize: 50, epochs: 1 } }
    const scoresOf = async (of: ExperimentInput['data']) => {
      const run = workplace.nextFolder()
      const { ended } = await trainToEnd({
        folder: run,
        dataset: digits,
        experiment: experimentOf({
          data: of,
          model: { layers: [{ use: 'flatten' }, { use: 'dense', units: 10 }] },
          ...still
        })
      })
      return { validation: ended?.summary.validation, test: ended?.summary.test }
    }
    expect(await scoresOf(data)).toEqual(await scoresOf(plain))
  })
})
