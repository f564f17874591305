import { afterEach, beforeEach, expect, test } from 'vitest'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '#contract/failure'
import { createWorkbench, type Workbench } from '../../src-main/application/workbench'
import { readSafetensors } from '../../src-main/storage/safetensors'
import { createFakeWorld, experiment, foreignModel, settle, type FakeWorld } from './fake-ports'

let world: FakeWorld
let handlers: Workbench['handlers']

beforeEach(async () => {
  world = await createFakeWorld()
  handlers = createWorkbench(world).handlers
})
afterEach(() => world.remove())

test('a model is read by a worker of its own, and its weights are kept in the library under their hash', async () => {
  const imported = await handlers['model.import']({ path: '/models/small.keras' })
  expect(imported).toMatchObject({ model: foreignModel, experiment: { name: 'two layers' } })
  expect(world.workerAsked).toEqual([{ name: 'importModel', input: { path: '/models/small.keras' } }])
  expect(world.workers.map(({ isKilled }) => isKilled)).toEqual([true])
  const folder = join(world.paths.library, 'weights')
  expect(await readdir(folder)).toEqual([`${imported.experiment?.model.weights}.safetensors`])
  const { tensors } = await readSafetensors(join(folder, (await readdir(folder))[0]))
  expect(tensors).toEqual([{ name: 'dense_1/kernel', shape: [1, 2], values: Float32Array.of(1, 2) }])
})

test('a base gives the data, with the shape that its samples have', async () => {
  await handlers['model.import']({ path: '/models/small.h5', base: { ...experiment, name: 'base' } })
  expect(world.workerAsked).toMatchObject([
    { name: 'prepare', input: { source: { use: 'digits' } } },
    { name: 'importModel', input: { ground: { experiment: { name: 'base' }, data: { name: 'digits' } } } }
  ])
})

test('a base that is no experiment is refused before any file is read', async () => {
  const refused = handlers['model.import']({ path: '/models/small.h5', base: { ...experiment, version: 2 } })
  await expect(refused).rejects.toMatchObject({ key: 'experiment.notOneOf' })
  expect(world.workers).toEqual([])
})

test('a model that cannot be represented leaves nothing in the library', async () => {
  const problem = { key: 'import.why.unknown', values: { layer: 'dense', className: 'Dense' } } as const
  const model = { ...foreignModel, layers: [{ ...foreignModel.layers[1], problem }] }
  world.script.worker = { importModel: () => ({ model }) }
  expect(await handlers['model.import']({ path: '/models/small.keras' })).toEqual({ model })
  expect(await readdir(world.paths.library).catch(() => [])).toEqual([])
})

test('a file that keeps its reader busy for ever costs that reader and nothing else', async () => {
  world.script.worker = { inspectModel: () => new Promise(() => {}) }
  const inspected = handlers['model.inspect']({ path: '/models/endless.h5' })
  await settle()
  world.clock.advance(59_000)
  expect(world.workers[0].isKilled).toBe(false)
  world.clock.advance(1_000)
  await expect(inspected).rejects.toMatchObject({
    key: 'import.neverEnds',
    values: { path: '/models/endless.h5', seconds: 60 }
  })
  expect(world.workers[0].isKilled).toBe(true)
  expect(await handlers['data.inspect']({ path: '/data' })).toMatchObject({ name: 'digits' })
})

test('an import that is called off ends its reader at once', async () => {
  world.script.worker = { importModel: () => new Promise(() => {}) }
  const imported = handlers['model.import']({ path: '/models/large.h5', work: 'mine' })
  await settle()
  const before = world.workers.map(({ isKilled }) => isKilled)
  await handlers['work.cancel']({ work: 'mine' })
  await expect(imported).rejects.toMatchObject({ key: 'request.cancelled' })
  expect([before, world.workers[0].isKilled, world.clock.due]).toEqual([[false], true, []])
})

test('what the reader says is passed on, and nothing waits any more', async () => {
  world.script.worker = {
    importModel: () => {
      throw new Failure('import.weightsOnly', { path: '/models/w.h5' })
    }
  }
  await expect(handlers['model.import']({ path: '/models/w.h5' })).rejects.toMatchObject({
    key: 'import.weightsOnly'
  })
  expect(world.clock.due).toEqual([])
})
