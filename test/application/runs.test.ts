import { afterEach, beforeEach, expect, test } from 'vitest'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { WorkbenchEvent } from '#contract/events'
import { Failure } from '#contract/failure'
import type { Workbench } from '../../src-main/application/workbench'
import {
  batchOf,
  createFakeWorld,
  datasetSummary,
  endedEvent,
  epochEvent,
  experiment,
  rowsOf,
  settle,
  startedEvent,
  writeRun,
  type FakeWorld
} from './fake-ports'
import { askOf, openHeard } from './heard-workbench'

let world: FakeWorld
let workbench: Workbench
let events: WorkbenchEvent[]

beforeEach(async () => {
  world = await createFakeWorld()
  ;({ workbench, events } = openHeard(world))
})
afterEach(async () => {
  await workbench.close(0)
  await world.remove()
})

const ask = askOf(() => workbench)
const start = (): Promise<{ run: string; folder: string }> => ask('run.start', { experiment })
const told = (type: WorkbenchEvent['type']): WorkbenchEvent[] => events.filter((event) => event.type === type)
const stored = (name: string): string => join(world.paths.library, 'runs', name)

const progress = {
  state: 'running' as const,
  step: 3,
  steps: 8,
  epoch: 0.75,
  stepsPerSecond: 100,
  secondsLeft: 1,
  memory: 1e8
}

test('a run is checked, its data prepared, its folder made, and its trainer started in the engine’s environment', async () => {
  const { run, folder } = await start()
  expect(run).toMatch(/^\d{8}-\d{6}-two-layers-[0-9a-f]{4}$/)
  expect(folder).toBe(stored(run))
  expect(world.trainers[0].child.environment).toEqual({ TF_ENABLE_ONEDNN_OPTS: '1' })
  expect(world.trainers[0].asked).toMatchObject([
    {
      name: 'train',
      input: { folder, dataset: '/prepared/digits', experiment: { seed: 1, name: 'two layers' } }
    }
  ])
  expect(told('run.listed')).toMatchObject([{ listing: { id: run, state: 'preparing', steps: 0 } }])
})

test('the trainer of a new run is told where the weights are that its experiment names', async () => {
  const hash = 'a'.repeat(64)
  const model = { ...experiment.model, weights: hash }
  await ask('run.start', { experiment: { ...experiment, model } })
  expect(world.trainers[0].asked).toMatchObject([
    { name: 'train', input: { weights: join(world.paths.library, 'weights', `${hash}.safetensors`) } }
  ])
})

test('a run that is to lie elsewhere has its folder as its id and can be opened by it', async () => {
  const out = join(world.paths.library, '..', 'elsewhere')
  const { run, folder } = await ask('run.start', { experiment, out })
  expect([run, dirname(folder)]).toEqual([folder, out])
  expect((await ask('run.open', { run: folder })).listing.id).toBe(folder)
  expect((await ask('run.list', {})).map(({ id }) => id)).toEqual([folder])
})

test.each([
  ['梯度 实验 №1', /^\d{8}-\d{6}-梯度-实验-no1-[0-9a-f]{4}$/],
  ['../../etc/passwd', /^\d{8}-\d{6}-etc-passwd-[0-9a-f]{4}$/],
  ['  ', /^\d{8}-\d{6}-run-[0-9a-f]{4}$/],
  ['x'.repeat(200), /^\d{8}-\d{6}-x{40}-[0-9a-f]{4}$/]
])('the name %j becomes a harmless part of a folder’s name', async (name, pattern) => {
  const { folder } = await ask('run.start', { experiment: { ...experiment, name } })
  expect(basename(folder)).toMatch(pattern)
  expect(dirname(folder)).toBe(join(world.paths.library, 'runs'))
})

test('a bad experiment is refused before anything is made or started', async () => {
  const bad = { ...experiment, trainning: {} }
  await expect(ask('run.start', { experiment: bad })).rejects.toMatchObject({ key: 'experiment.unknownKey' })
  expect([world.workers, world.trainers]).toEqual([[], []])
  await expect(readdir(world.paths.library)).rejects.toMatchObject({ code: 'ENOENT' })
})

test.each(['prepare', 'train'])('a run that fails at %s leaves no folder and is not listed', async (at) => {
  const fail = (): never => {
    throw new Failure('storage.diskFull', { path: '/x' })
  }
  world.script = at === 'prepare' ? { worker: { prepare: fail } } : { trainer: { train: fail } }
  await expect(start()).rejects.toMatchObject({ key: 'storage.diskFull' })
  expect(await readdir(join(world.paths.library, 'runs'))).toEqual([])
  expect(await ask('run.list', {})).toEqual([])
  expect(told('run.failed')).toEqual([])
  expect(world.trainers.map(({ child }) => child.isKilled)).toEqual([true])
})

test('a trainer that breaks down before the run is on disk fails the request and is not told twice', async () => {
  world.script.trainer = { train: () => new Promise(() => {}) }
  const started = start()
  const failed = expect(started).rejects.toMatchObject({ key: 'run.crashed', values: { problem: 'exit 7' } })
  while (world.trainers[0]?.asked.length !== 1) await settle()
  world.trainers[0].child.exit({ code: 7 })
  await failed
  expect(told('run.failed')).toEqual([])
})

test('what a trainer tells is relayed with the id of its run, in order', async () => {
  const { run } = await start()
  const [trainer] = world.trainers
  const batch = batchOf(1, rowsOf(0.5, NaN))
  events.length = 0
  trainer.event(startedEvent())
  trainer.tell({ type: 'steps', batch })
  trainer.tell({ type: 'progress', progress })
  trainer.event(epochEvent(1, 4))
  await settle()
  expect(events.filter(({ type }) => type !== 'run.listed')).toEqual([
    { type: 'run.event', run, event: startedEvent() },
    { type: 'run.steps', run, batch },
    { type: 'run.progress', run, progress },
    { type: 'run.event', run, event: epochEvent(1, 4) }
  ])
  expect((await ask('run.open', { run })).progress).toEqual(progress)
  expect(await ask('run.list', {})).toMatchObject([
    { id: run, state: 'running', engine: 'native-cpu', steps: 4, scores: { train: { loss: 0.5 } } }
  ])
})

test('the preparation of the data is told as an activity of the run', async () => {
  let answerIt: () => void = () => {}
  world.script.worker = {
    prepare: async () => {
      await new Promise<void>((resolve) => (answerIt = resolve))
      return { folder: '/prepared', summary: datasetSummary }
    }
  }
  const started = start()
  while (world.workerAsked.length === 0) await settle()
  const message = { key: 'engine.install.checking' } as const
  const { work } = world.workerAsked[0].input as { work: string }
  // What others asked the worker is not told as this run's.
  world.announceFromWorker({ type: 'progress', message: { key: 'data.checking' } })
  world.announceFromWorker({ type: 'progress', work, message })
  await settle()
  answerIt()
  const { run } = await started
  expect(told('run.progress')).toMatchObject([{ run, progress: { state: 'preparing', activity: message } }])
})

test('pause, step, resume and change reach the trainer of the run', async () => {
  const { run } = await start()
  await ask('run.pause', { run })
  await ask('run.step', { run })
  await ask('run.resume', { run })
  expect(await ask('run.change', { run, path: 'gradients.0.max', value: 0.5 })).toEqual({ step: 7 })
  expect(world.trainers[0].asked.slice(1)).toEqual([
    { name: 'pause', input: {} },
    { name: 'step', input: {} },
    { name: 'resume', input: {} },
    { name: 'change', input: { path: 'gradients.0.max', value: 0.5 } }
  ])
})

test('a run at work is steered even while its folder is gone', async () => {
  const { run, folder } = await start()
  await rm(folder, { recursive: true })
  expect(await ask('run.pause', { run })).toBeNull()
  world.trainers[0].fail({ key: 'storage.notFound', values: { path: folder } }, 'input')
  await settle()
  expect(told('run.failed')).toMatchObject([{ run, message: { key: 'storage.notFound' } }])
  expect(await ask('run.list', {})).toEqual([])
  await expect(ask('run.pause', { run })).rejects.toMatchObject({ key: 'run.unknown' })
})

test('a stopped run is over: it is listed as such and takes no more wishes', async () => {
  const { run } = await start()
  await ask('run.stop', { run })
  await settle()
  expect(world.trainers[0].asked.at(-1)).toEqual({ name: 'stop', input: { interrupted: false } })
  expect(told('run.listed').at(-1)).toMatchObject({ listing: { state: 'stopped', steps: 8 } })
  await expect(ask('run.pause', { run })).rejects.toMatchObject({ key: 'run.notActive', values: { run } })
  expect(world.clock.due).toEqual([])
})

test('a trainer that ignores a wish to stop for ten seconds is killed, and that is said', async () => {
  world.script.trainer = { stop: () => new Promise(() => {}) }
  const { run } = await start()
  const stopped = ask('run.stop', { run })
  while (world.trainers[0].asked.length < 2) await settle()
  world.clock.advance(9_999)
  expect(world.trainers[0].child.isKilled).toBe(false)
  world.clock.advance(1)
  expect(await stopped).toBeNull()
  expect(world.trainers[0].child.isKilled).toBe(true)
  expect(told('run.failed')).toEqual([
    { type: 'run.failed', run, message: { key: 'run.stopIgnored' }, kind: 'crash' }
  ])
})

test('a trainer whose run has ended but which stays is killed three seconds later', async () => {
  await start()
  world.trainers[0].event(endedEvent('completed'))
  await settle()
  world.clock.advance(2_999)
  expect(world.trainers[0].child.isKilled).toBe(false)
  world.clock.advance(1)
  await settle()
  expect(world.trainers[0].child.isKilled).toBe(true)
  expect(told('run.failed')).toEqual([])
})

test.each([
  [{ signal: 'SIGKILL' }, { key: 'run.crashed.killed', values: { problem: 'SIGKILL' } }],
  [{ signal: 'SIGSEGV' }, { key: 'run.crashed', values: { problem: 'SIGSEGV' } }],
  [
    { code: 134, lines: ['one', 'two ', '', 'three', 'four'] },
    { key: 'run.crashed.saying', values: { problem: 'exit 134', lines: 'two ⏎ three ⏎ four' } }
  ]
])('a crash with %j costs only its run and is told with its reason', async (exit, message) => {
  const first = await start()
  const second = await start()
  world.trainers[0].child.exit(exit)
  await settle()
  expect(told('run.failed')).toEqual([{ type: 'run.failed', run: first.run, message, kind: 'crash' }])
  expect(await ask('run.open', { run: first.run })).toMatchObject({
    listing: { state: 'failed' },
    progress: { state: 'failed' },
    failure: message
  })
  expect((await ask('run.open', { run: second.run })).listing.state).toBe('preparing')
  await ask('run.pause', { run: second.run })
})

test('a trainer that the system ended for what it did is explained by the damage of the engine, where there is one', async () => {
  const damage = { key: 'engine.changed', values: { folder: '/engine', file: 'library.so' } } as const
  world.engine.findDamage = async () => damage
  const [first, second] = [await start(), await start()]
  world.trainers[0].child.exit({ code: 7 })
  world.trainers[1].child.exit({ signal: 'SIGSEGV' })
  await settle()
  const crash = { key: 'run.crashed', values: { problem: 'exit 7' } }
  expect(told('run.failed')).toEqual([
    { type: 'run.failed', run: first.run, message: crash, kind: 'crash' },
    { type: 'run.failed', run: second.run, message: damage, kind: 'engine' }
  ])
})

test('a run that its trainer reports as broken off is told once, with its kind and its stack', async () => {
  const { run } = await start()
  const message = { key: 'storage.diskFull', values: { path: '/x' } } as const
  world.trainers[0].tell({ type: 'failed', message, kind: 'bug', stack: 'Error: x\n at y' })
  await settle()
  world.trainers[0].child.exit({ code: 1 })
  await settle()
  expect(told('run.failed')).toEqual([
    { type: 'run.failed', run, message, kind: 'bug', stack: 'Error: x\n at y' }
  ])
})

test('a run goes on from its folder, with more epochs when it is complete', async () => {
  await writeRun(stored('done'), [startedEvent(), endedEvent('completed')])
  await expect(ask('run.continue', { run: 'done' })).rejects.toMatchObject({ key: 'run.completed' })
  expect(await ask('run.continue', { run: 'done', moreEpochs: 3 })).toEqual({
    run: 'done',
    folder: stored('done')
  })
  expect(world.trainers[0].asked).toEqual([
    { name: 'train', input: { folder: stored('done'), dataset: '/prepared/digits', moreEpochs: 3 } }
  ])
  await expect(ask('run.continue', { run: 'done', moreEpochs: 1 })).rejects.toMatchObject({
    key: 'run.alreadyActive'
  })
})

test('an interrupted run goes on without more epochs, and twice at once is refused', async () => {
  await writeRun(stored('torn'), [startedEvent(), epochEvent(1, 4)])
  const both = await Promise.allSettled([
    ask('run.continue', { run: 'torn' }),
    ask('run.continue', { run: 'torn' })
  ])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(world.trainers).toHaveLength(1)
  expect(world.trainers[0].asked[0].input).toEqual({ folder: stored('torn'), dataset: '/prepared/digits' })
})

test('a failed continuation leaves the stored run as it was', async () => {
  await writeRun(stored('torn'), [startedEvent()])
  const before = await readFile(join(stored('torn'), 'events.jsonl'), 'utf8')
  world.script.trainer = {
    train: () => {
      throw new Failure('storage.locked', { path: 'run.lock', pid: 1 })
    }
  }
  await expect(ask('run.continue', { run: 'torn' })).rejects.toMatchObject({ key: 'storage.locked' })
  expect((await ask('run.open', { run: 'torn' })).listing.state).toBe('interrupted')
  expect(await readFile(join(stored('torn'), 'events.jsonl'), 'utf8')).toBe(before)
})

test('closing interrupts every run with a checkpoint before its process ends', async () => {
  await start()
  await workbench.close()
  await settle()
  expect(world.trainers[0].asked.at(-1)).toEqual({ name: 'stop', input: { interrupted: true } })
  expect(told('run.event').at(-1)).toMatchObject({ event: { summary: { stopped: 'interrupted' } } })
})

test('closing does not wait longer than five seconds for a trainer', async () => {
  world.script.trainer = { stop: () => new Promise(() => {}) }
  await start()
  const closed = workbench.close()
  world.clock.advance(4_999)
  expect(world.trainers[0].child.isKilled).toBe(false)
  world.clock.advance(1)
  await closed
  expect(world.trainers[0].child.isKilled).toBe(true)
  expect(told('run.failed')).toMatchObject([{ message: { key: 'run.stopIgnored' } }])
})

test('runs train beside each other, each with a trainer of its own', async () => {
  const first = await start()
  const second = await start()
  expect(world.trainers.map(({ asked }) => asked.map(({ name }) => name))).toEqual([['train'], ['train']])
  expect(workbench.active().map(({ id }) => id)).toEqual([first.run, second.run])
  await ask('run.stop', { run: first.run })
  await settle()
  expect(workbench.active().map(({ id }) => id)).toEqual([second.run])
})

test('a run that takes the place of another begins when that one has its checkpoint and its trainer is gone', async () => {
  let leaves: () => void = () => {}
  world.script.trainer = {
    stop: async () => {
      await new Promise<void>((resolve) => (leaves = resolve))
      world.trainers[0].end('stopped')
      return null
    }
  }
  const first = await start()
  const second = ask('run.start', { experiment, insteadOf: [first.run] })
  while (world.trainers[0].asked.length < 2) await settle()
  // The process of the next one is there already, and has nothing to do.
  expect([world.trainers[0].asked.at(-1), world.trainers[1].asked]).toEqual([
    { name: 'stop', input: { interrupted: false } },
    []
  ])
  leaves()
  const { run } = await second
  expect(workbench.active().map(({ id }) => id)).toEqual([run])
  expect(world.trainers[1].asked).toMatchObject([{ name: 'train' }])
})

test('nothing is stopped for an experiment that cannot be trained, or in the place of a run that is over', async () => {
  const { run } = await start()
  const bad = { ...experiment, trainning: {} }
  await expect(ask('run.start', { experiment: bad, insteadOf: [run] })).rejects.toMatchObject({
    key: 'experiment.unknownKey'
  })
  expect(workbench.active()).toHaveLength(1)
  await ask('run.stop', { run })
  await settle()
  await ask('run.start', { experiment, insteadOf: [run] })
  expect(world.trainers[0].asked.filter(({ name }) => name === 'stop')).toHaveLength(1)
})

test('the engine cannot be removed under a run', async () => {
  const { run } = await start()
  await expect(ask('engine.remove', {})).rejects.toMatchObject({ key: 'run.engineInUse' })
  await ask('run.stop', { run })
  expect(await ask('engine.remove', {})).toBeNull()
})

test('a folder that is only made is never shown as a run', async () => {
  await mkdir(stored('empty'), { recursive: true })
  expect(await ask('run.list', {})).toEqual([])
})
