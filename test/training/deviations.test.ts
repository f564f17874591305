import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { prepareSource } from '../../src-main/datasets/prepare'
import { openPrepared } from '../../src-main/datasets/prepared'
import { startEngine } from '../../src-main/engine/backends'
import { createTrainingService, type TrainingService } from '../../src-main/training/service'
import { experimentOf, openWorkplace, trainToEnd, type Workplace } from './sitting'

let workplace: Workplace
let folder: string
beforeAll(async () => (workplace = await openWorkplace()))
afterAll(() => workplace.remove())
beforeEach(() => (folder = workplace.nextFolder()))

const stored = (): TrainingService => createTrainingService(startEngine, () => {})
const regression = { use: 'synthetic', generator: 'regression', seed: 3, samples: 6_000 } as const
/** Targets are trained in other units than they are told in. */
const numbers: Partial<ExperimentInput> = {
  data: { source: regression, prepare: [{ use: 'standardize', on: 'targets' }] },
  model: { layers: [{ use: 'dense', units: 1 }] },
  loss: { use: 'meanSquaredError' },
  training: { batchSize: 50, steps: 40 }
}

test('their score is that of an evaluation, and their numbers are what the model predicts for these samples', async () => {
  const { folder: dataset } = await prepareSource(regression, workplace.library)
  await trainToEnd({ folder, dataset, experiment: experimentOf(numbers) })
  const service = stored()
  const where = { folder, dataset }
  const told = await service.handlers.deviations(where)
  const { scores } = await service.handlers.evaluate(where)
  expect({ part: told.part, count: told.count, size: told.size }).toEqual({
    part: 'train',
    count: 1_200,
    size: 1
  })
  expect(told.score.mae).toBeCloseTo(scores.test?.mae as number, 4)
  expect(told.score.r2).toBeCloseTo(scores.test?.r2 as number, 4)

  const { train } = await openPrepared(dataset)
  const { samples, actual, predicted } = told.points
  expect(Array.from(actual)).toEqual(samples.map((sample) => train.targets[sample]))
  const features = Float32Array.from(
    samples.flatMap((sample) => [...train.features.subarray(sample * 20, sample * 20 + 20)])
  )
  const { outputs } = await service.handlers.predict({ ...where, count: samples.length, features })
  outputs.forEach((output, i) => expect(predicted[i]).toBeCloseTo(output, 3))
})

test('the samples with the largest errors come first, the largest before all', async () => {
  const { folder: dataset } = await prepareSource(regression, workplace.library)
  await trainToEnd({ folder, dataset, experiment: experimentOf(numbers) })
  const { points, largest } = await stored().handlers.deviations({ folder, dataset })
  const errorsOf = ({ actual, predicted }: typeof points): number[] =>
    Array.from(actual, (value, i) => Math.abs(value - predicted[i]))
  const every = errorsOf(points).sort((a, b) => b - a)
  expect(errorsOf(largest)).toEqual(every.slice(0, 100))
})

test('a model that tells classes apart has none', async () => {
  const { dataset } = workplace
  await trainToEnd({ folder, dataset, experiment: experimentOf({ training: { batchSize: 50, steps: 1 } }) })
  await expect(stored().handlers.deviations({ folder, dataset })).rejects.toMatchObject({
    key: 'training.noNumbers',
    values: { path: folder }
  })
})
