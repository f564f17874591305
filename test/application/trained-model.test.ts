import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { join } from 'node:path'
import { Failure } from '#contract/failure'
import { createWorkbench, type Workbench } from '../../src-main/application/workbench'
import {
  classScores,
  createFakeWorld,
  datasetSummary,
  endedEvent,
  experiment,
  settle,
  startedEvent,
  writeRun,
  type FakeWorld
} from './fake-ports'
import { replayWith } from '../fixtures/replay'

let world: FakeWorld
let handlers: Workbench['handlers']
let folder: string
let told: unknown[]

beforeEach(async () => {
  world = await createFakeWorld()
  const workbench = createWorkbench(world)
  handlers = workbench.handlers
  told = []
  workbench.on((event) => {
    if (event.type === 'work.progress') told.push(event)
  })
  folder = join(world.paths.library, 'runs', 'done')
  await writeRun(folder, [startedEvent(), endedEvent('completed')])
})
afterEach(() => world.remove())

test('a stored model is evaluated by a trainer of its own, which is ended afterwards', async () => {
  expect(await handlers['run.evaluate']({ run: 'done' })).toEqual({
    scores: { test: { loss: 0.25, accuracy: 0.9 } },
    classScores,
    engine: 'cpu',
    step: 12
  })
  expect(world.trainers.map(({ asked }) => asked)).toEqual([
    [{ name: 'evaluate', input: { folder, dataset: '/prepared/digits' } }]
  ])
  expect(world.trainers[0].child.isKilled).toBe(true)
})

test('samples of a file are read by the worker in the shape of the data, and predicted with their classes', async () => {
  expect(await handlers['run.predict']({ run: 'done', input: '/digit.npy' })).toEqual({
    count: 1,
    outputs: Float32Array.of(0.25, 0.75),
    size: 2,
    classes: ['zero', 'one']
  })
  expect(world.workerAsked.at(-1)).toEqual({
    name: 'readSamples',
    input: { path: '/digit.npy', shape: [2, 1, 1], limit: 100_000 }
  })
  expect(world.trainers[0].asked[0].input).toMatchObject({ count: 1, features: Float32Array.of(1, 2) })
})

test('the columns of a table, and the size that images are brought to, are told to who reads the samples', async () => {
  const columns = [{ name: 'x', kind: 'number' as const, missing: 0 }]
  const source = { use: 'imageFolder', path: '/images', size: 2 } as const
  for (const known of [{ columns }, { source }]) {
    world.script.worker = {
      prepare: () => ({ folder: '/prepared', summary: { ...datasetSummary, ...known } })
    }
    await handlers['run.predict']({ run: 'done', input: '/sample' })
  }
  const asked = world.workerAsked.filter(({ name }) => name === 'readSamples').map(({ input }) => input)
  const shared = { path: '/sample', shape: [2, 1, 1], limit: 100_000 }
  expect(asked).toEqual([
    { ...shared, columns },
    { ...shared, resize: true }
  ])
})

test('a file without samples is refused before a trainer is started', async () => {
  world.script.worker = { readSamples: () => ({ count: 0, features: new Float32Array(0) }) }
  await expect(handlers['run.predict']({ run: 'done', input: '/empty' })).rejects.toMatchObject({
    key: 'run.noSamples',
    values: { path: '/empty' }
  })
  expect(world.trainers).toEqual([])
})

test('an export takes the artifact from a trainer and gives it to the worker', async () => {
  const report = await handlers['run.export']({ run: 'done', format: 'tfjs', path: '/out', overwrite: true })
  expect(report).toMatchObject({ format: 'tfjs', path: '/out', samples: 100 })
  expect(world.trainers[0].asked).toMatchObject([{ name: 'artifact', input: { folder, samples: 100 } }])
  expect(world.workerAsked.at(-1)).toMatchObject({
    name: 'export',
    input: {
      format: 'tfjs',
      path: '/out',
      overwrite: true,
      artifact: { preparation: { sampleShape: [2, 1, 1] } }
    }
  })
})

test('a trainer that refuses is ended as well, and its sentence is passed on', async () => {
  world.script.trainer = {
    evaluate: () => {
      throw new Failure('training.noCheckpoint', { path: 'done' })
    }
  }
  await expect(handlers['run.evaluate']({ run: 'done' })).rejects.toMatchObject({
    key: 'training.noCheckpoint'
  })
  expect(world.trainers[0].child.isKilled).toBe(true)
})

test('a trainer that breaks down while it evaluates is told with its reason', async () => {
  world.script.trainer = {
    evaluate: () => {
      world.trainers[0].child.exit({ signal: 'SIGSEGV' })
      return new Promise(() => {})
    }
  }
  await expect(handlers['run.evaluate']({ run: 'done' })).rejects.toMatchObject({
    key: 'run.crashed',
    values: { problem: 'SIGSEGV' }
  })
})

test('steps are run again by a trainer of their own, and only of a run that is over', async () => {
  const steps = { from: 3, to: 9 }
  expect(await handlers['run.replay']({ run: 'done', steps })).toEqual(replayWith())
  expect(world.trainers[0].asked).toEqual([
    { name: 'replay', input: { folder, dataset: '/prepared/digits', steps } }
  ])
  expect(world.trainers[0].child.isKilled).toBe(true)

  const { run } = await handlers['run.start']({ experiment })
  await expect(handlers['run.replay']({ run })).rejects.toMatchObject({ key: 'replay.atWork' })
  await expect(handlers['run.replay']({ run: 'other' })).rejects.toMatchObject({ key: 'run.unknown' })
})

describe('an export under a name', () => {
  const order = { run: 'done', format: 'tfjs', path: '/out', overwrite: false, work: 'mine' } as const

  test('tells what it does and its share of the whole, first to last', async () => {
    world.script.worker = {
      prepare: async ({ work = '' }) => {
        world.announceFromWorker({ type: 'progress', work, message: { key: 'data.reading' }, share: 0.5 })
        return { folder: '/prepared', summary: datasetSummary }
      },
      export: async ({ work = '', path, format }) => {
        world.announceFromWorker({ type: 'progress', work, message: { key: 'export.writing' }, share: 0 })
        world.announceFromWorker({
          type: 'progress',
          work,
          message: { key: 'export.comparing' },
          share: 0.75
        })
        return { path, format, bytes: 1, samples: 1, largestDifference: 0, relativeDifference: 0 }
      }
    }
    await handlers['run.export'](order)
    const about = { type: 'work.progress', work: 'mine' }
    expect(told).toEqual([
      { ...about, message: { key: 'data.reading' }, share: 0.15 },
      { ...about, message: { key: 'export.answering', values: { samples: 100 } }, share: 0.3 },
      { ...about, message: { key: 'export.writing' }, share: 0.6 },
      { ...about, message: { key: 'export.comparing' }, share: 0.9 }
    ])
  })

  test('that is called off while the model answers ends the trainer, and says so', async () => {
    world.script.trainer = { artifact: () => new Promise(() => {}) }
    const exported = expect(handlers['run.export'](order)).rejects.toMatchObject({ key: 'request.cancelled' })
    while (world.trainers[0]?.asked.length !== 1) await settle()
    await handlers['work.cancel']({ work: 'mine' })
    await exported
    expect(world.trainers[0].child.isKilled).toBe(true)
    expect(world.workerAsked.map(({ name }) => name)).not.toContain('export')
  })

  test('that is called off while it is written is called off in the worker too', async () => {
    let refuse: (error: Error) => void = () => {}
    world.script.worker = {
      export: () => new Promise((_, reject) => (refuse = reject)),
      cancel: () => {
        refuse(new Failure('request.cancelled'))
        return null
      }
    }
    const exported = expect(handlers['run.export'](order)).rejects.toMatchObject({ key: 'request.cancelled' })
    while (world.workerAsked.at(-1)?.name !== 'export') await settle()
    const { work } = world.workerAsked.at(-1)?.input as { work: string }
    await handlers['work.cancel']({ work: 'mine' })
    await exported
    expect(world.workerAsked.at(-1)).toEqual({ name: 'cancel', input: { work } })
  })
})

test('how far the test part has been gone through is told, also by the trainer of a run at work', async () => {
  world.script.trainer = {
    confusion: async ({ work = '' }) => {
      const message = { key: 'training.progress.samples', values: { done: 5, count: 20 } } as const
      world.trainers[0].tell({ type: 'work', work, message, share: 0.25 })
      world.trainers[0].tell({ type: 'work', work: 'of somebody else', message, share: 0.5 })
      await settle()
      return { step: 1, classes: ['a'], classScores: [], counts: [1], cells: [], mistakes: [], part: 'test' }
    }
  }
  const { run } = await handlers['run.start']({ experiment })
  await handlers['run.confusion']({ run, work: 'mine' })
  expect(told).toMatchObject([{ work: 'mine', share: 0.25 }])
  expect(world.trainers).toHaveLength(1)
})

test('samples that a run is tested on are asked of the worker with its experiment as it is now', async () => {
  const { run } = await handlers['run.start']({ experiment })
  const page = await handlers['run.samples']({ run, offset: 4, count: 1 })
  expect(page).toMatchObject({ part: 'test', indices: [3] })
  expect(world.workerAsked.at(-1)).toMatchObject({
    name: 'testedSamples',
    input: { experiment: { name: experiment.name, seed: 1 }, offset: 4, count: 1 }
  })
})

test('how a run of numbers does is asked of its own trainer while it is at work', async () => {
  const { run } = await handlers['run.start']({ experiment })
  expect(await handlers['run.deviations']({ run, work: 'mine' })).toMatchObject({ mae: 0.5, count: 2 })
  expect(world.trainers).toHaveLength(1)
})
