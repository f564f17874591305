import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Confusion } from '#contract/look'
import type { ExperimentInput } from '#contract/experiment'
import { prepareSource } from '../../src-main/datasets/prepare'
import { openPrepared } from '../../src-main/datasets/prepared'
import { startEngine } from '../../src-main/engine/backends'
import { createTrainingService, type TrainingService } from '../../src-main/training/service'
import { idxBytes } from '../fixtures/idx'
import { experimentOf, lastStepOf, trainToEnd, useWorkplace } from './sitting'

const workplace = useWorkplace()
let dataset: string
let folder: string
beforeAll(() => void (dataset = workplace.dataset))
beforeEach(() => (folder = workplace.nextFolder()))

const stored = (): TrainingService => createTrainingService(startEngine, () => {})
/** Few samples to learn from and all 500 to be tested with: mistakes enough, in more than one batch. */
const data: ExperimentInput['data'] = {
  source: { use: 'digits' },
  prepare: [{ use: 'scale', by: 1 / 255 }],
  limit: { train: 300 }
}
const sum = (values: number[]): number => values.reduce((total, each) => total + each, 0)

test('the counts have the accuracy and the number of samples of the test part', async () => {
  await trainToEnd({ folder, dataset, experiment: experimentOf({ data }) })
  const service = stored()
  const { scores } = await service.handlers.evaluate({ folder, dataset })
  const { counts, classes, part, step } = await service.handlers.confusion({ folder, dataset })
  const right = sum(classes.map((_, i) => counts[i * classes.length + i]))
  expect({ total: sum(counts), step, part, classes: classes.length }).toEqual({
    total: 500,
    step: 12,
    part: 'test',
    classes: 10
  })
  expect(right / 500).toBeCloseTo(scores.test?.accuracy as number, 5)
})

test('its cells and mistakes name the samples that predict takes for that class, the surest first', async () => {
  await trainToEnd({ folder, dataset, experiment: experimentOf({ data }) })
  const service = stored()
  const { test: samples } = await openPrepared(dataset)
  const { outputs } = await service.handlers.predict({
    folder,
    dataset,
    count: samples.count,
    features: Float32Array.from(samples.features)
  })
  const guesses = Array.from(samples.targets, (actual, sample) => {
    const probabilities = Array.from(outputs.slice(sample * 10, sample * 10 + 10))
    const probability = Math.max(...probabilities)
    return { sample, actual, predicted: probabilities.indexOf(probability), probability }
  })
  const { cells, mistakes, counts } = await service.handlers.confusion({ folder, dataset })

  expect(cells.map(({ actual, predicted }) => actual * 10 + predicted)).toEqual(
    counts.flatMap((count, cell) => (count > 0 ? [cell] : []))
  )
  for (const { actual, predicted, samples: shown } of cells) {
    const own = guesses.filter((guess) => guess.actual === actual && guess.predicted === predicted)
    expect(shown.length).toBe(Math.min(50, own.length))
    const sureness = shown.map((sample) => own.find((guess) => guess.sample === sample)?.probability ?? NaN)
    const surest = own.map(({ probability }) => probability).sort((a, b) => b - a)
    sureness.forEach((probability, i) => expect(probability).toBeCloseTo(surest[i], 5))
  }
  const wrong = guesses.filter(({ actual, predicted }) => actual !== predicted)
  expect(wrong.length).toBeGreaterThan(1)
  expect(mistakes.length).toBe(Math.min(100, wrong.length))
  mistakes.forEach(({ probability, ...mistake }, i) => {
    const guess = guesses[mistake.sample]
    expect(mistake).toEqual({ sample: guess.sample, actual: guess.actual, predicted: guess.predicted })
    expect(probability).toBeCloseTo(guess.probability, 5)
    if (i > 0) expect(probability).toBeLessThanOrEqual(mistakes[i - 1].probability)
  })
})

test('asked during a run it is of the weights at the step that it names', async () => {
  let during: Promise<Confusion> | undefined
  // Long enough to go on while it is asked, however fast a step is.
  const experiment = experimentOf({ data, training: { batchSize: 5, steps: 1500 } })
  await trainToEnd({ folder, dataset, experiment }, (event, service) => {
    if (lastStepOf(event) >= 3) during ??= Promise.resolve(service.handlers.confusion({ folder, dataset }))
  })
  const { step, counts, mistakes } = (await during) as Confusion
  expect(step).toBeLessThan(1500)

  const upToThere = workplace.nextFolder()
  const shorter = experimentOf({ data, training: { batchSize: 5, steps: step } })
  await trainToEnd({ folder: upToThere, dataset, experiment: shorter })
  const expected = await stored().handlers.confusion({ folder: upToThere, dataset })
  expect({ step, counts, mistakes }).toEqual({
    step: expected.step,
    counts: expected.counts,
    mistakes: expected.mistakes
  })
})

/** Writes samples of two values with these targets as IDX files, and prepares them. */
async function prepareIdx(targets: number[], type: 'classes' | 'numbers') {
  const files = mkdtempSync(join(workplace.library, 'files-'))
  const paths = { images: join(files, 'images-idx2-ubyte'), labels: join(files, 'labels-idx1-ubyte') }
  const pixels = targets.flatMap((target, i) => [10 * target + (i % 3), i])
  writeFileSync(paths.images, idxBytes([targets.length, 2], pixels))
  const numbers = Buffer.alloc(4 * targets.length)
  targets.forEach((target, i) => numbers.writeFloatBE(target + 0.5, 4 * i))
  writeFileSync(
    paths.labels,
    type === 'classes' ? idxBytes([targets.length], targets) : idxBytes([targets.length], numbers, 0x0d)
  )
  const source = { use: 'idx' as const, ...paths }
  return { source, dataset: (await prepareSource(source, workplace.library)).folder }
}
const targets = Array.from({ length: 60 }, (_, i) => i % 2)

test('asked at the end of a run it is answered before the process may leave', async () => {
  const many = await prepareIdx(
    Array.from({ length: 20_000 }, (_, i) => i % 2),
    'classes'
  )
  const experiment = experimentOf({
    data: { source: many.source, limit: { train: 100 } },
    model: { layers: [{ use: 'dense', units: 2 }] },
    training: { batchSize: 50, steps: 1 }
  })
  let isAnswered = false
  await trainToEnd({ folder, dataset: many.dataset, experiment }, (event, service) => {
    if (event.type === 'event' && event.event.type === 'ended')
      void Promise.resolve(service.handlers.confusion({ folder, dataset: many.dataset })).then(
        () => (isAnswered = true)
      )
  })
  expect(isAnswered).toBe(true)
})

test('where the source has no test part, its positions count in the training part', async () => {
  const { source, dataset: two } = await prepareIdx(targets, 'classes')
  const experiment = experimentOf({
    data: { source },
    model: { layers: [{ use: 'dense', units: 2 }] },
    loss: { use: 'meanSquaredError' },
    training: { batchSize: 8, epochs: 1 }
  })
  await trainToEnd({ folder, dataset: two, experiment })
  const { part, cells, counts, mistakes } = await stored().handlers.confusion({ folder, dataset: two })
  expect({ part, total: sum(counts) }).toEqual({ part: 'train', total: 12 })
  for (const { actual, samples } of cells)
    expect(samples.map((sample) => targets[sample])).toEqual(samples.map(() => actual))
  expect(mistakes.every(({ probability }) => probability >= 0 && probability <= 1)).toBe(true)
})

test('a model that predicts numbers has none, and a look at it gives the numbers', async () => {
  const { source, dataset: numbers } = await prepareIdx(targets, 'numbers')
  const experiment = experimentOf({
    data: { source },
    model: { layers: [{ use: 'dense', units: 1 }] },
    loss: { use: 'meanSquaredError' },
    gradients: [{ use: 'adam', rate: 0.001 }],
    training: { batchSize: 8, epochs: 1 }
  })
  await trainToEnd({ folder, dataset: numbers, experiment })
  const service = stored()
  await expect(service.handlers.confusion({ folder, dataset: numbers })).rejects.toMatchObject({
    key: 'training.noClasses',
    values: { path: folder }
  })
  const features = Float32Array.of(10, 1)
  const { outputs, activations } = await service.handlers.look({ folder, dataset: numbers, features })
  expect(outputs).toEqual(activations[0].values)
  const predicted = await service.handlers.predict({ folder, dataset: numbers, count: 1, features })
  expect(predicted.outputs).toEqual(outputs)
})

describe.each([
  ['binaryCrossEntropy', true],
  ['softmaxCrossEntropy', true],
  ['categoricalCrossEntropy', false],
  ['meanSquaredError', false],
  ['huber', false]
])('one output for two classes, judged by %s', (use, isLogit) => {
  test('is told as two columns, and its counts have the accuracy of an evaluation', async () => {
    const { source, dataset: two } = await prepareIdx(targets, 'classes')
    const experiment = experimentOf({
      data: { source, prepare: [{ use: 'scale', by: 0.1 }] },
      model: { layers: [{ use: 'dense', units: 1, biasInitializer: { use: 'constant', value: -0.2 } }] },
      loss: { use } as ExperimentInput['loss'],
      gradients: [{ use: 'adam', rate: 0.02 }],
      training: { batchSize: 8, epochs: 3 }
    })
    await trainToEnd({ folder, dataset: two, experiment })
    const service = stored()
    const where = { folder, dataset: two }
    const { scores } = await service.handlers.evaluate(where)
    const { counts, mistakes } = await service.handlers.confusion(where)
    expect((counts[0] + counts[3]) / sum(counts)).toBeCloseTo(scores.test?.accuracy ?? NaN, 6)
    expect(mistakes.every(({ probability }) => probability >= 0 && probability <= 1)).toBe(true)

    const features = Float32Array.of(11, 1)
    const { outputs, activations } = await service.handlers.look({ ...where, features })
    const [own] = activations[0].values
    const second = isLogit ? 1 / (1 + Math.exp(-own)) : own
    expect(Array.from(outputs)).toEqual([expect.closeTo(1 - second, 5), expect.closeTo(second, 5)])
    const predicted = await service.handlers.predict({ ...where, count: 1, features })
    expect(predicted).toMatchObject({ size: 2, outputs })
  })
})
