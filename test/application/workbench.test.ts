import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '#contract/failure'
import { requests } from '#contract/requests'
import { answer } from '#contract/wire'
import { createWorkbench, type Workbench } from '../../src-main/application/workbench'
import {
  createFakeWorld,
  datasetSummary,
  engineStatus,
  experiment,
  settle,
  type FakeWorld
} from './fake-ports'

let world: FakeWorld
let workbench: Workbench

beforeEach(async () => {
  world = await createFakeWorld()
  workbench = createWorkbench(world)
})
afterEach(async () => {
  await workbench.close(0)
  await world.remove()
})

const ask = (name: string, input: unknown): Promise<unknown> =>
  answer(requests, workbench.handlers, name, input)

test('every request has a handler, and there is no handler without a request', () => {
  expect(Object.keys(workbench.handlers).sort()).toEqual(Object.keys(requests).sort())
})

test.each(Object.keys(requests))('%s refuses an input of the wrong type with a sentence', async (name) => {
  await expect(ask(name, 'nonsense')).rejects.toMatchObject({
    key: 'request.invalid',
    values: { name },
    kind: 'input'
  })
})

test.each([
  ['run.window', { run: 'a', points: 0 }],
  ['run.window', { run: 'a', points: 4001 }],
  ['run.continue', { run: 'a', moreEpochs: 0 }],
  ['run.change', { run: 'a', value: 1 }],
  ['run.export', { run: 'a', format: 'paper', path: '/x' }],
  ['data.describe', { source: { use: 'rumour' } }]
])('%s refuses %j', async (name, input) => {
  await expect(ask(name, input)).rejects.toMatchObject({ key: 'request.invalid' })
})

test.each(['run.open', 'run.evaluate', 'run.pause', 'run.stop', 'run.continue'])(
  '%s says that a run is not known',
  async (name) => {
    for (const run of ['nobody', '', '..', 'a/b', '/nowhere/at/all'])
      await expect(ask(name, { run })).rejects.toMatchObject({ key: 'run.unknown', values: { run } })
  }
)

test('describe tells the version, the shell, the library, the engine and the presets by name', async () => {
  await writeFile(join(world.paths.presets, 'b.json'), JSON.stringify({ ...experiment, name: 'second' }))
  await writeFile(join(world.paths.presets, 'a.json'), JSON.stringify(experiment))
  const described = await ask('describe', {})
  expect(described).toMatchObject({
    version: '1.2.3',
    shell: 'terminal',
    library: world.paths.library,
    engine: engineStatus,
    presets: [
      { id: 'a', experiment: { name: 'two layers', seed: 1 } },
      { id: 'b', experiment: { name: 'second' } }
    ]
  })
})

test('data is described by the worker, which is told where the library is', async () => {
  expect(await ask('data.describe', { source: { use: 'digits' } })).toEqual(datasetSummary)
  expect(await ask('data.inspect', { path: '/data/images.gz' })).toEqual(datasetSummary)
  expect(world.workerAsked).toEqual([
    { name: 'prepare', input: { source: { use: 'digits' }, library: world.paths.library } },
    { name: 'inspect', input: { path: '/data/images.gz' } }
  ])
  expect(world.workers).toHaveLength(1)
})

test('what a run would train on is told by the worker, after its experiment was checked', async () => {
  expect(await ask('data.plan', { experiment })).toMatchObject({ samples: { train: 90 } })
  const question = { indices: [3], variants: 2 }
  expect(await ask('data.augmentation', { experiment, ...question })).toMatchObject({ indices: [3] })
  const input = { experiment: { seed: 1, data: { augment: [] } }, library: world.paths.library }
  expect(world.workerAsked).toMatchObject([
    { name: 'planData', input },
    { name: 'augment', input: { ...input, ...question } }
  ])
  for (const name of ['data.plan', 'data.augmentation'] as const)
    await expect(
      ask(name, { experiment: { ...experiment, version: 2 }, ...question } as never)
    ).rejects.toBeInstanceOf(Failure)
})

test('a model is described for its data, after its experiment was checked', async () => {
  expect(await ask('model.describe', { experiment })).toMatchObject({ parameters: 30 })
  expect(world.workerAsked.at(-1)).toMatchObject({
    name: 'describeModel',
    input: { data: { featureShape: [2, 1, 1] } }
  })
  await expect(ask('model.describe', { experiment: { ...experiment, version: 2 } })).rejects.toBeInstanceOf(
    Failure
  )
})

test('a worker that breaks down costs the request at hand, and the next one gets a new worker', async () => {
  world.script.worker = { inspect: () => new Promise(() => {}) }
  const inspected = ask('data.inspect', { path: '/data/huge' })
  await settle()
  world.workers[0].exit({ signal: 'SIGABRT', lines: ['', 'heap out of memory '] })
  await expect(inspected).rejects.toMatchObject({
    key: 'run.workerCrashed.saying',
    values: { problem: 'SIGABRT', lines: 'heap out of memory' }
  })
  world.script = {}
  expect(await ask('data.inspect', { path: '/data/small' })).toEqual(datasetSummary)
  expect(world.workers).toHaveLength(2)
})

test('closing ends every process, and none can be started afterwards', async () => {
  await ask('data.inspect', { path: '/data' })
  await workbench.close()
  expect(world.workers.map(({ isKilled }) => isKilled)).toEqual([true])
  await expect(ask('data.inspect', { path: '/data' })).rejects.toMatchObject({ key: 'run.closing' })
})
