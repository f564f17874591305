import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '#contract/failure'
import type { RunEvent } from '#contract/run'
import { createWorkbench, type Workbench } from '../../src-main/application/workbench'
import {
  createFakeWorld,
  endedEvent,
  experiment,
  settle,
  startedEvent,
  writeRun,
  type FakeWorld
} from './fake-ports'

let world: FakeWorld
let workbench: Workbench
let handlers: Workbench['handlers']
const features = Float32Array.of(1, 2)
const checkpoint: RunEvent = { type: 'checkpoint', time: 2000, step: 8, file: 'step-8' }

beforeEach(async () => {
  world = await createFakeWorld()
  workbench = createWorkbench(world)
  handlers = workbench.handlers
  for (const name of ['a', 'b'])
    await writeRun(stored(name), [startedEvent(), checkpoint, endedEvent('completed')])
})
afterEach(async () => {
  await workbench.close(0)
  await world.remove()
})

const stored = (name: string): string => join(world.paths.library, 'runs', name)
const look = (run: string) => handlers['run.look']({ run, features })
const asked = (): string[][] => world.trainers.map(({ asked: all }) => all.map(({ name }) => name))
const alive = (): boolean[] => world.trainers.map(({ child }) => !child.isKilled)
/** Answers once, when the test says so. */
function hold<Name extends 'look' | 'confusion'>(name: Name): () => void {
  let answer: () => void = () => {}
  const held = new Promise<void>((resolve) => (answer = resolve))
  const step = name === 'look' ? { outputs: features, activations: [] } : confused
  world.script.trainer = { [name]: () => held.then(() => ({ step: 8, ...step })) }
  return answer
}
const confused = { classes: ['zero'], counts: [1], cells: [], mistakes: [], part: 'test' as const }

test('a run at work is looked at by its own trainer, and a question to it starts no other', async () => {
  const { run, folder } = await handlers['run.start']({ experiment })
  const [trainer] = world.trainers
  expect(await look(run)).toMatchObject({ step: 12 })
  expect(await handlers['run.confusion']({ run })).toMatchObject({ counts: [9, 1, 2, 8] })
  const where = { folder, dataset: '/prepared/digits' }
  expect(trainer.asked.slice(1)).toEqual([
    { name: 'look', input: { ...where, features } },
    { name: 'confusion', input: where }
  ])
  expect(world.trainers).toHaveLength(1)
})

test('a trainer that leaves before it has answered hands the question on to the stored run', async () => {
  const { run } = await handlers['run.start']({ experiment })
  world.script.trainer = { look: () => new Promise(() => {}) }
  const looked = look(run)
  while (world.trainers[0].asked.length < 2) await settle()
  world.script.trainer = {}
  world.trainers[0].end('completed')
  expect(await looked).toMatchObject({ step: 12 })
  expect(asked()).toEqual([['train', 'look'], ['look']])
})

test('what a trainer at work refuses is said and not asked again', async () => {
  const { run } = await handlers['run.start']({ experiment })
  world.script.trainer = {
    look: () => {
      throw new Failure('run.noSamples', { path: 'x' })
    }
  }
  await expect(look(run)).rejects.toMatchObject({ key: 'run.noSamples' })
  expect(world.trainers).toHaveLength(1)
})

test('a stored run is looked at again by the same trainer, which is told the data only once', async () => {
  await look('a')
  await look('a')
  await handlers['run.confusion']({ run: 'a' })
  expect([asked(), alive()]).toEqual([[['look', 'look', 'confusion']], [true]])
  expect(world.workerAsked.map(({ name }) => name)).toEqual(['prepare'])
  expect(world.trainers[0].asked[0].input).toEqual({
    folder: stored('a'),
    dataset: '/prepared/digits',
    features
  })
})

test('two first looks at once share one trainer', async () => {
  await Promise.all([look('a'), look('a')])
  expect(asked()).toEqual([['look', 'look']])
})

test('the trainer stays for a minute after the last question, and no longer', async () => {
  await look('a')
  world.clock.advance(59_999)
  await look('a')
  world.clock.advance(59_999)
  expect(alive()).toEqual([true])
  world.clock.advance(1)
  expect(alive()).toEqual([false])
  await look('a')
  expect([asked(), alive()]).toEqual([
    [['look', 'look'], ['look']],
    [false, true]
  ])
})

test('a question that takes longer than a minute is answered', async () => {
  const answer = hold('confusion')
  const confusion = handlers['run.confusion']({ run: 'a' })
  while (asked()[0]?.length !== 1) await settle()
  world.clock.advance(600_000)
  expect(alive()).toEqual([true])
  answer()
  expect(await confusion).toMatchObject({ counts: [1] })
})

test('a look at another run takes the place of the trainer before, once that has answered', async () => {
  const answer = hold('confusion')
  const confusion = handlers['run.confusion']({ run: 'a' })
  while (asked()[0]?.length !== 1) await settle()
  await look('b')
  expect(alive()).toEqual([true, true])
  answer()
  await confusion
  expect([asked(), alive()]).toEqual([
    [['confusion'], ['look']],
    [false, true]
  ])
})

test('a newer checkpoint is looked at by a new trainer', async () => {
  await look('a')
  await appendFile(join(stored('a'), 'events.jsonl'), `${JSON.stringify({ ...checkpoint, step: 9 })}\n`)
  await look('a')
  expect([asked(), alive()]).toEqual([
    [['look'], ['look']],
    [false, true]
  ])
})

test('a trainer that broke down costs one look, and the next one gets a new trainer', async () => {
  world.script.trainer = {
    look: () => {
      world.trainers[0].child.exit({ signal: 'SIGSEGV' })
      return new Promise(() => {})
    }
  }
  await expect(look('a')).rejects.toMatchObject({ key: 'run.crashed', values: { problem: 'SIGSEGV' } })
  world.script.trainer = {}
  expect(await look('a')).toMatchObject({ step: 12 })
  expect(world.trainers).toHaveLength(2)
})

test('what a trainer refuses leaves it warm; data that cannot be prepared does not', async () => {
  world.script.trainer = {
    look: () => {
      throw new Failure('training.noCheckpoint', { path: 'a' })
    }
  }
  await expect(look('a')).rejects.toMatchObject({ key: 'training.noCheckpoint' })
  expect(alive()).toEqual([true])
  world.script.worker = {
    prepare: () => {
      throw new Failure('storage.notFound', { path: '/gone' })
    }
  }
  await expect(look('b')).rejects.toMatchObject({ key: 'storage.notFound' })
  expect(alive()).toEqual([false, false])
})

test.each<[string, () => unknown]>([
  ['a run is started', () => handlers['run.start']({ experiment })],
  ['a run goes on', () => handlers['run.continue']({ run: 'b', moreEpochs: 1 })],
  ['its run is deleted', () => handlers['run.delete']({ run: 'a' })],
  ['the engine is removed', () => handlers['engine.remove']({})],
  ['the workbench closes', () => workbench.close()]
])('the warm trainer ends when %s', async (_, act) => {
  await look('a')
  await act()
  expect([alive()[0], world.clock.due]).toEqual([false, []])
})

test('an unknown run is said and no trainer started', async () => {
  await expect(look('nobody')).rejects.toMatchObject({ key: 'run.unknown' })
  expect(world.trainers).toEqual([])
})

test('samples are read by the worker, which is told where the library is', async () => {
  const source = { use: 'digits' as const }
  const question = { part: 'test' as const, class: 1, offset: 0, count: 5 }
  expect(await handlers['data.samples']({ source, ...question })).toMatchObject({ total: 1, indices: [3] })
  expect(world.workerAsked).toEqual([
    { name: 'samples', input: { source, ...question, library: world.paths.library } }
  ])
})
