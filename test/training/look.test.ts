import * as tf from '@tensorflow/tfjs-core'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Look } from '#contract/look'
import { Failure } from '#contract/failure'
import { openPrepared } from '../../src-main/datasets/prepared'
import { startEngine } from '../../src-main/engine/backends'
import { createTrainingService, type TrainingService } from '../../src-main/training/service'
import { readSafetensors } from '../../src-main/storage/safetensors'
import { experimentOf, lastStepOf, openWorkplace, trainToEnd, useWorkplace, weightsIn } from './sitting'

const workplace = useWorkplace()
let dataset: string
let folder: string
let sample: Float32Array
beforeAll(async () => {
  dataset = workplace.dataset
  const { test: part, summary } = await openPrepared(dataset)
  const size = summary.featureShape.reduce((a, b) => a * b, 1)
  sample = Float32Array.from(part.features.subarray(0, size))
})
beforeEach(() => (folder = workplace.nextFolder()))

const lookAt = (service: TrainingService, run = folder): Promise<Look> =>
  Promise.resolve(service.handlers.look({ folder: run, dataset, features: sample }))
const stored = (): TrainingService => createTrainingService(startEngine, () => {})

test('a look at a finished run gives what predict gives, and the step of its weights', async () => {
  await trainToEnd({ folder, dataset, experiment: experimentOf() })
  const service = stored()
  const { outputs } = await service.handlers.predict({ folder, dataset, count: 1, features: sample })
  expect(await lookAt(service)).toMatchObject({ step: 10, outputs })
})

test('a look shows what each layer gives, its activation function included', async () => {
  await trainToEnd({ folder, dataset, experiment: experimentOf() })
  const { activations, outputs } = await lookAt(stored())
  expect(activations.map(({ layer, shape }) => [layer, shape])).toEqual([
    ['flatten_1', [sample.length]],
    ['dense_1', [16]],
    ['batchNormalization_1', [16]],
    ['dropout_1', [16]],
    ['dense_2', [10]]
  ])
  const [flat, dense, , , last] = activations.map(({ values }) => Array.from(values))
  const scaled = Array.from(sample, (value) => value / 255)
  flat.forEach((value, i) => expect(value).toBeCloseTo(scaled[i], 6))

  const { tensors } = await readSafetensors(join(folder, 'model/weights.safetensors'))
  const weights = (name: string): Float32Array =>
    tensors.find((tensor) => tensor.name === name)?.values as Float32Array
  const kernel = weights('dense_1/kernel')
  const bias = weights('dense_1/bias')
  dense.forEach((value, unit) => {
    const sum = scaled.reduce((total, each, i) => total + each * kernel[i * 16 + unit], bias[unit])
    expect(value).toBeCloseTo(Math.max(0, sum), 4)
  })
  const total = last.reduce((sum, value) => sum + Math.exp(value), 0)
  last.forEach((value, i) => expect(outputs[i]).toBeCloseTo(Math.exp(value) / total, 5))
})

test('looks between steps see the weights move and leave them as a run without looks has them', async () => {
  const unseen = workplace.nextFolder()
  await trainToEnd({ folder: unseen, dataset, experiment: experimentOf() })
  const looks: Promise<Look>[] = []
  await trainToEnd({ folder, dataset, experiment: experimentOf() }, (event, service) => {
    if (lastStepOf(event) >= 1) looks.push(lookAt(service))
  })
  const seen = await Promise.all(looks)
  expect(new Set(seen.map(({ step }) => step)).size).toBeGreaterThan(1)
  expect(new Set(seen.map(({ outputs }) => String(outputs))).size).toBeGreaterThan(1)
  expect(await weightsIn(folder)).toEqual(await weightsIn(unseen))
})

test('a look at a run that pauses is the look at the checkpoint that it wrote', async () => {
  let during: Promise<Look> | undefined
  let after: Promise<Look> | undefined
  const experiment = experimentOf({ training: { batchSize: 64, steps: 1500 } })
  await trainToEnd({ folder, dataset, experiment }, (event, service) => {
    if (lastStepOf(event) >= 3) void service.handlers.pause({})
    if (event.type === 'progress' && event.progress.state === 'paused' && !during) {
      during = lookAt(service)
      after = during.then(() => lookAt(stored()))
      void after.then(() => service.stop('stopped'))
    }
  })
  expect((await during)?.step).toBeGreaterThanOrEqual(3)
  expect(await during).toEqual(await after)
})

test('a look waits while the engine is starting, and sees the first weights', async () => {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  let first: Promise<Look> | undefined
  await trainToEnd(
    { folder, dataset, experiment: experimentOf() },
    (event, service) => {
      if (event.type === 'progress' && !first) {
        first = lookAt(service)
        open()
      }
    },
    async (choice) => {
      await opened
      return startEngine(choice)
    }
  )
  expect((await first)?.step).toBe(0)
})

test('a run whose engine does not start gives the reason to whoever looks at it', async () => {
  let first: Promise<unknown> | undefined
  await trainToEnd(
    { folder, dataset, experiment: experimentOf() },
    (_, service) => {
      first ??= lookAt(service).catch((error: unknown) => error)
    },
    () => Promise.reject(new Failure('engine.forced.notInstalled', { engine: 'native-cpu' }, 'engine'))
  )
  expect(await first).toMatchObject({ key: 'engine.forced.notInstalled' })
})

test('a run without a checkpoint, and a sample of another size, are refused', async () => {
  let refused: Promise<unknown> | undefined
  await trainToEnd({ folder, dataset, experiment: experimentOf() }, (event, service) => {
    if (lastStepOf(event) >= 1)
      refused ??= Promise.resolve(
        service.handlers.look({ folder, dataset, features: new Float32Array(3) })
      ).catch((error: unknown) => error)
  })
  expect(await refused).toMatchObject({
    key: 'training.sampleSize',
    values: { expected: sample.length, found: 3 }
  })
  rmSync(join(folder, 'checkpoints'), { recursive: true })
  await expect(lookAt(stored())).rejects.toMatchObject({ key: 'training.noCheckpoint' })
})

test('a second look at a stored run reads nothing but which checkpoint is the newest', async () => {
  const own = await openWorkplace()
  await trainToEnd({ folder, dataset: own.dataset, experiment: experimentOf() })
  const service = stored()
  const question = { folder, dataset: own.dataset, features: sample }
  const first = await service.handlers.look(question)
  own.remove()
  expect(await service.handlers.look(question)).toEqual(first)
})

test('a look at a stored run that has gone on elsewhere has its new weights', async () => {
  await trainToEnd({ folder, dataset, experiment: experimentOf() })
  const service = stored()
  const before = await lookAt(service)
  await trainToEnd({ folder, dataset, moreEpochs: 1 })
  const after = await lookAt(service)
  expect([before.step, after.step]).toEqual([10, 15])
  expect(after.outputs).not.toEqual(before.outputs)
})

test('a look at another run while one is trained changes nothing for that one', async () => {
  const other = workplace.nextFolder()
  await trainToEnd({ folder: other, dataset, experiment: experimentOf({ engine: { use: 'cpu' } }) })
  const expected = await lookAt(stored(), other)
  const unseen = workplace.nextFolder()
  await trainToEnd({ folder: unseen, dataset, experiment: experimentOf() })
  let look: Promise<Look> | undefined
  await trainToEnd({ folder, dataset, experiment: experimentOf() }, (event, service) => {
    if (lastStepOf(event) >= 2) look ??= lookAt(service, other)
  })
  const { outputs } = (await look) ?? {}
  outputs?.forEach((value, i) => expect(value).toBeCloseTo(expected.outputs[i], 4))
  expect(await weightsIn(folder)).toEqual(await weightsIn(unseen))
})

test('questions leave no tensor behind but one stored model, and of a run at work none', async () => {
  await trainToEnd({ folder, dataset, experiment: experimentOf() })
  const before = tf.memory().numTensors
  const watched = workplace.nextFolder()
  const asked: unknown[] = []
  await trainToEnd({ folder: watched, dataset, experiment: experimentOf() }, (event, service) => {
    if (lastStepOf(event) >= 1)
      asked.push(lookAt(service, watched), service.handlers.confusion({ folder: watched, dataset }))
  })
  await Promise.all(asked)
  expect(asked.length).toBeGreaterThan(0)
  expect(tf.memory().numTensors).toBe(before)

  const service = stored()
  await lookAt(service)
  const one = tf.memory().numTensors
  await lookAt(service)
  await service.handlers.confusion({ folder, dataset })
  await service.handlers.evaluate({ folder, dataset })
  await lookAt(service, watched)
  expect(tf.memory().numTensors).toBe(one)
})
