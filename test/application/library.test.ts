import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { RunEvent } from '#contract/run'
import { openLabels } from '../../src-main/application/labels'
import { openLibrary, type Library } from '../../src-main/application/library'
import {
  createFakeWorld,
  endedEvent,
  epochEvent,
  experiment,
  startedEvent,
  writeRun,
  type FakeWorld
} from './fake-ports'

let world: FakeWorld
let library: Library
let runs: string

beforeEach(async () => {
  world = await createFakeWorld()
  library = openLibrary(world.paths, world.clock, openLabels(world.paths.library))
  runs = join(world.paths.library, 'runs')
})
afterEach(() => world.remove())

const open = async (name: string): ReturnType<Library['open']> => library.open(await library.find(name))

test('a stored run tells its experiment, its events and where it stands', async () => {
  const events = [startedEvent(), epochEvent(1, 4), epochEvent(2, 8), endedEvent('completed')]
  await writeRun(join(runs, 'a'), events)
  const detail = await open('a')
  expect(detail.listing).toEqual({
    id: 'a',
    folder: join(runs, 'a'),
    name: 'two layers',
    state: 'completed',
    created: 1000,
    steps: 8,
    engine: 'native-cpu',
    scores: { train: { loss: 0.1, accuracy: 0.97 }, test: { loss: 0.2, accuracy: 0.95 } }
  })
  expect(detail.progress).toEqual({
    state: 'completed',
    step: 8,
    steps: 8,
    epoch: 2,
    stepsPerSecond: 0,
    memory: 0
  })
  expect(detail.events).toEqual(events)
  expect(detail.experiment).toMatchObject({ name: 'two layers', seed: 1, guard: { nonFinite: 'stop' } })
})

test.each([
  ['completed', 'completed'],
  ['stopped', 'stopped'],
  ['guard', 'stoppedByGuard'],
  ['early', 'stoppedEarly'],
  ['interrupted', 'interrupted']
] as const)('a run that ended as %s reads as %s', async (reason, state) => {
  await writeRun(join(runs, 'a'), [startedEvent(), endedEvent(reason)])
  expect((await open('a')).listing.state).toBe(state)
})

const lockOf = (pid: number): string => JSON.stringify({ pid, started: '', host: hostname() })
/** Above the largest process id of Linux. */
const NOBODY = 2 ** 22 + 1

test.each<[string, RunEvent[], string | undefined, string]>([
  ['no end and no lock', [startedEvent()], undefined, 'interrupted'],
  ['no event at all', [], undefined, 'interrupted'],
  ['a lock whose process is gone', [startedEvent()], lockOf(NOBODY), 'interrupted'],
  [
    'a new start behind an end',
    [startedEvent(), endedEvent('completed'), startedEvent()],
    undefined,
    'interrupted'
  ],
  ['a lock held elsewhere', [startedEvent()], 'elsewhere', 'running'],
  ['a lock held before the start', [], 'elsewhere', 'preparing'],
  [
    'a lock held while paused',
    [
      startedEvent(),
      { type: 'paused', time: 1, step: 3 },
      { type: 'checkpoint', time: 1, step: 3, file: 'x' }
    ],
    'elsewhere',
    'paused'
  ]
])('a run with %s reads by its events and its lock', async (_, events, lock, state) => {
  await writeRun(join(runs, 'a'), events)
  // A lock of another machine cannot be looked into: it counts as held.
  const held = JSON.stringify({ pid: 1, started: '', host: 'another machine' })
  if (lock !== undefined) await writeFile(join(runs, 'a', 'run.lock'), lock === 'elsewhere' ? held : lock)
  expect((await open('a')).listing.state).toBe(state)
})

test('changes and added epochs show in the current experiment, not in the one that was started', async () => {
  await writeRun(join(runs, 'a'), [
    startedEvent(),
    { type: 'changed', time: 1, step: 2, path: 'gradients.1.rate', from: 0.1, to: 0.01 },
    { type: 'extended', time: 1, step: 8, epochs: 3 },
    { type: 'extended', time: 1, step: 20, epochs: 2 }
  ])
  const { experiment: begun, current } = await open('a')
  expect([begun.gradients[1], begun.training.epochs]).toMatchObject([{ rate: 0.1 }, 2])
  expect([current.gradients[1], current.training.epochs]).toMatchObject([{ rate: 0.01 }, 7])
})

test('numbers that were not finite come back as NaN, and a torn last line is left out', async () => {
  await writeRun(join(runs, 'a'), [startedEvent(), epochEvent(1, 4, NaN)])
  await appendFile(join(runs, 'a', 'events.jsonl'), '{"type":"epoch","ti')
  const { events, listing } = await open('a')
  expect(events).toHaveLength(2)
  expect(listing.scores?.train).toEqual({ loss: NaN, accuracy: 0.8 })
})

test('the list is newest first and holds only runs', async () => {
  await writeRun(join(runs, 'old'), [{ ...startedEvent(), time: 1 }])
  await writeRun(join(runs, 'new'), [{ ...startedEvent(), time: 2 }])
  await mkdir(join(runs, 'holiday photos'))
  await writeFile(join(runs, 'index.json'), '{}')
  await mkdir(join(runs, 'damaged'))
  await writeFile(join(runs, 'damaged', 'experiment.json'), '{"version":')
  expect((await library.list()).map(({ id }) => id)).toEqual(['new', 'old'])
})

test('a library that does not exist yet has no runs and no presets', async () => {
  expect(await library.list()).toEqual([])
  expect(
    await openLibrary(
      { ...world.paths, presets: '/nowhere' },
      world.clock,
      openLabels(world.paths.library)
    ).presets()
  ).toEqual([])
})

test('presets come in their order, and paths of their data begin where they lie', async () => {
  const preset = (name: string, source: object): Promise<void> =>
    writeFile(
      join(world.paths.presets, `${name}.json`),
      JSON.stringify({ ...experiment, name, data: { source } })
    )
  await preset('another', { use: 'csv', path: '../table.csv' })
  await preset('digits-mlp', { use: 'digits' })
  await preset('mnist-cnn', { use: 'mnist' })
  const presets = await library.presets()
  expect(presets.map(({ id }) => id)).toEqual(['mnist-cnn', 'digits-mlp', 'another'])
  expect(presets[2].experiment.data.source).toMatchObject({
    path: join(world.paths.presets, '..', 'table.csv')
  })
})

test.each([
  ['a folder that is no run', 'photos', { key: 'run.notARun', values: { file: 'experiment.json' } }],
  ['a folder that is not there', 'nothing', { key: 'run.unknown', values: { run: 'nothing' } }],
  ['a file', 'file', { key: 'run.unknown' }],
  ['an experiment that is not JSON', 'torn', { key: 'storage.notJson' }],
  [
    'an experiment with a mistake',
    'wrong',
    { key: 'run.badExperiment', values: { place: 'training.batchSize' } }
  ],
  ['a path out of the library', '../runs/good', { key: 'run.unknown' }]
])('%s is refused with a sentence', async (_, name, failure) => {
  await writeRun(join(runs, 'good'), [])
  await mkdir(join(runs, 'photos'))
  await writeFile(join(runs, 'file'), '')
  await mkdir(join(runs, 'torn'))
  await writeFile(join(runs, 'torn', 'experiment.json'), '{')
  await writeRun(join(runs, 'wrong'), [], { ...experiment, training: { epochs: 1 } })
  await expect(library.find(name)).rejects.toMatchObject({ name: 'Failure', ...failure })
})

test('a line that is no event is damage, and is told with its place', async () => {
  await writeRun(join(runs, 'a'), [startedEvent()])
  await appendFile(join(runs, 'a', 'events.jsonl'), '{"hello":1}\n')
  await expect(open('a')).rejects.toMatchObject({
    key: 'storage.damaged',
    values: { path: join(runs, 'a', 'events.jsonl'), problem: ':2' }
  })
})

test('a folder of the library is the same run by its id and by its path', async () => {
  await writeRun(join(runs, 'a'), [])
  const place = { id: 'a', folder: join(runs, 'a') }
  expect([await library.find('a'), await library.find(join(runs, 'a'))]).toEqual([place, place])
})

test('a new folder is named by time and name, and is taken back only while it is empty', async () => {
  const time = new Date(world.clock.now())
  const day = `${time.getFullYear()}${String(time.getMonth() + 1).padStart(2, '0')}${String(time.getDate()).padStart(2, '0')}`
  const place = await library.create('My Run')
  expect(place.id).toMatch(new RegExp(`^${day}-\\d{6}-my-run-[0-9a-f]{4}$`))
  await writeFile(join(place.folder, 'experiment.json'), JSON.stringify(experiment))
  await library.discard(place)
  expect((await library.find(place.id)).folder).toBe(place.folder)
  const other = await library.create('My Run')
  await library.discard(other)
  await expect(library.find(other.id)).rejects.toMatchObject({ key: 'run.unknown' })
})

test('a folder that cannot be made is refused with its path', async () => {
  await mkdir(world.paths.library)
  await writeFile(join(world.paths.library, 'file'), '')
  await expect(library.create('x', join(world.paths.library, 'file', 'below'))).rejects.toMatchObject({
    key: 'storage.notWritable'
  })
})
