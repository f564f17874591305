import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { prepareSource } from '../../src-main/datasets/prepare'
import { openPrepared } from '../../src-main/datasets/prepared'
import { startEngine } from '../../src-main/engine/backends'
import { createTrainingService, type TrainingService } from '../../src-main/training/service'
import { npyOfFloats } from '../fixtures/npy'
import { experimentOf, trainToEnd, useWorkplace } from './sitting'

const workplace = useWorkplace()
let folder: string
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
  expect(told.mae).toBeCloseTo(scores.test?.mae as number, 4)
  expect(told.r2).toBeCloseTo(scores.test?.r2 as number, 4)

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

test('where a target has several numbers, an error counts in the usual errors of its number', async () => {
  const files = mkdtempSync(join(workplace.library, 'files-'))
  const paths = { path: join(files, 'x.npy'), labels: join(files, 'y.npy') }
  // The second number is a hundred times as large, and its errors with it.
  const count = 60
  const values = Array.from({ length: count }, (_, i) => i % 7)
  writeFileSync(paths.path, npyOfFloats([count, 1], values))
  writeFileSync(
    paths.labels,
    npyOfFloats(
      [count, 2],
      values.flatMap((value, i) => [value + (i % 3) / 2, 100 * value + (i % 4) * 30 + 0.5])
    )
  )
  const source = { use: 'npy' as const, ...paths }
  const { folder: dataset } = await prepareSource(source, workplace.library)
  const experiment = experimentOf({
    ...numbers,
    data: { source },
    model: { layers: [{ use: 'dense', units: 2 }] }
  })
  await trainToEnd({ folder, dataset, experiment })
  const { size, count: tested, largest } = await stored().handlers.deviations({ folder, dataset })
  const errors = Array.from(largest.actual, (value, i) => Math.abs(value - largest.predicted[i]))
  const usual = [0, 1].map(
    (column) => errors.filter((_, i) => i % 2 === column).reduce((sum, each) => sum + each, 0) / tested
  )
  const totals = largest.samples.map((_, i) => errors[2 * i] / usual[0] + errors[2 * i + 1] / usual[1])
  expect([size, tested, largest.samples.length]).toEqual([2, 12, 12])
  totals.slice(1).forEach((total, i) => expect(total).toBeLessThanOrEqual(totals[i] + 1e-6))
})

test('a model that tells classes apart has none', async () => {
  const { dataset } = workplace
  await trainToEnd({ folder, dataset, experiment: experimentOf({ training: { batchSize: 50, steps: 1 } }) })
  await expect(stored().handlers.deviations({ folder, dataset })).rejects.toMatchObject({
    key: 'training.noNumbers',
    values: { path: folder }
  })
})
