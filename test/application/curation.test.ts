import { afterEach, beforeEach, expect, test } from 'vitest'
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { WorkbenchEvent } from '#contract/events'
import type { RunListing } from '#contract/run'
import type { Workbench } from '../../src-main/application/workbench'
import {
  createFakeWorld,
  endedEvent,
  epochEvent,
  experiment,
  startedEvent,
  writeRun,
  type FakeWorld
} from './fake-ports'
import { openHeard } from './heard-workbench'

let world: FakeWorld
let workbench: Workbench
let events: WorkbenchEvent[]

beforeEach(async () => {
  world = await createFakeWorld()
  open()
  await writeRun(stored('a'), [startedEvent(), endedEvent('completed')])
})
afterEach(async () => {
  await workbench.close(0)
  await world.remove()
})

/** Opens the library as a new start of the program would. */
const open = (): void => void ({ workbench, events } = openHeard(world))
const stored = (name: string): string => join(world.paths.library, 'runs', name)
const trashed = (name: string): string => join(world.paths.library, 'trash', name)
const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )
const lockElsewhere = (folder: string): Promise<void> =>
  writeFile(join(folder, 'run.lock'), JSON.stringify({ pid: 1, started: '', host: `not-${hostname()}` }))
const listed = async (): Promise<Pick<RunListing, 'id' | 'name' | 'note'>[]> =>
  (await workbench.handlers['run.list']({})).map(({ id, name, note }) => ({
    id,
    name,
    ...(note && { note })
  }))

test('a name and a note are kept in the library’s index, announced, and there after a new start', async () => {
  await workbench.handlers['run.rename']({ run: 'a', name: ' the good one ' })
  await workbench.handlers['run.note']({ run: 'a', note: 'rate was too high\nbefore' })
  const label = { name: 'the good one', note: 'rate was too high\nbefore' }
  expect(events).toMatchObject([
    { type: 'run.listed', listing: { id: 'a', name: 'the good one' } },
    { type: 'run.listed', listing: { id: 'a', ...label } }
  ])
  expect(JSON.parse(await readFile(join(world.paths.library, 'index.json'), 'utf8'))).toEqual({
    version: 1,
    runs: { a: label }
  })
  open()
  expect(await listed()).toEqual([{ id: 'a', ...label }])
  expect((await workbench.handlers['run.open']({ run: 'a' })).listing).toMatchObject(label)
  expect((await readdir(stored('a'))).sort()).toEqual(['events.jsonl', 'experiment.json'])
})

test('an empty note takes the old one away, and a name of spaces is refused', async () => {
  await workbench.handlers['run.note']({ run: 'a', note: 'x' })
  await workbench.handlers['run.note']({ run: 'a', note: ' ' })
  expect(await listed()).toEqual([{ id: 'a', name: 'two layers' }])
  await expect(workbench.handlers['run.rename']({ run: 'a', name: '  ' })).rejects.toMatchObject({
    key: 'library.noName'
  })
})

test('labels that are changed at once are all kept', async () => {
  await writeRun(stored('b'), [startedEvent()])
  await Promise.all([
    workbench.handlers['run.rename']({ run: 'a', name: 'one' }),
    workbench.handlers['run.note']({ run: 'a', note: 'first' }),
    workbench.handlers['run.rename']({ run: 'b', name: 'two' })
  ])
  expect((await listed()).sort((x, y) => x.id.localeCompare(y.id))).toEqual([
    { id: 'a', name: 'one', note: 'first' },
    { id: 'b', name: 'two' }
  ])
})

test.each([
  ['that is not JSON', '{"version":1'],
  ['of another form', '{"version":1,"runs":[]}']
])('an index %s costs the names but no run, and is kept aside', async (_, content) => {
  await writeFile(join(world.paths.library, 'index.json'), content)
  expect(await listed()).toEqual([{ id: 'a', name: 'two layers' }])
  await workbench.handlers['run.rename']({ run: 'a', name: 'again' })
  expect(await listed()).toEqual([{ id: 'a', name: 'again' }])
  expect(await readFile(join(world.paths.library, 'index.json.damaged'), 'utf8')).toBe(content)
})

test('a run that is renamed while it trains bears its name in everything that is told of it', async () => {
  const { run } = await workbench.handlers['run.start']({ experiment })
  await workbench.handlers['run.rename']({ run, name: 'renamed' })
  events.length = 0
  world.trainers[0].event(startedEvent())
  world.trainers[0].event(epochEvent(1, 4))
  world.trainers[0].end('completed')
  await world.trainers[0].child.exited
  expect(
    events.flatMap((event) =>
      event.type === 'run.listed' ? [[event.listing.state, event.listing.name]] : []
    )
  ).toEqual([
    ['running', 'renamed'],
    ['running', 'renamed'],
    ['completed', 'renamed']
  ])
})

test('a deleted run lies whole in the trash without its lock, and comes back as it was', async () => {
  await mkdir(join(stored('a'), 'checkpoints'))
  await writeFile(join(stored('a'), 'checkpoints', 'weights'), 'w')
  await workbench.handlers['run.rename']({ run: 'a', name: 'kept' })
  const before = await workbench.handlers['run.open']({ run: 'a' })
  events.length = 0

  await workbench.handlers['run.delete']({ run: 'a' })
  expect([await listed(), await exists(stored('a'))]).toEqual([[], false])
  expect((await readdir(trashed('a'), { recursive: true })).sort()).toEqual([
    'checkpoints',
    join('checkpoints', 'weights'),
    'events.jsonl',
    'experiment.json'
  ])
  await workbench.handlers['run.restore']({ run: 'a' })
  expect(await workbench.handlers['run.open']({ run: 'a' })).toEqual(before)
  expect(events).toEqual([
    { type: 'run.deleted', run: 'a' },
    { type: 'run.listed', listing: before.listing }
  ])
  expect(await readdir(join(world.paths.library, 'trash'))).toEqual([])
})

test('a run in the library is deleted by its folder as well', async () => {
  await workbench.handlers['run.delete']({ run: stored('a') })
  expect(events).toEqual([{ type: 'run.deleted', run: 'a' }])
})

test('a run that is at work here is not deleted', async () => {
  const { run, folder } = await workbench.handlers['run.start']({ experiment })
  await expect(workbench.handlers['run.delete']({ run })).rejects.toMatchObject({
    key: 'library.runAtWork',
    values: { run }
  })
  expect([await exists(folder), await exists(trashed(run))]).toEqual([true, false])
})

test('a run whose lock another process holds is not deleted, and its lock stays', async () => {
  await lockElsewhere(stored('a'))
  await expect(workbench.handlers['run.delete']({ run: 'a' })).rejects.toMatchObject({
    key: 'library.runAtWork',
    values: { run: 'a' }
  })
  expect([await exists(join(stored('a'), 'run.lock')), await exists(trashed('a'))]).toEqual([true, false])
})

test('of a deletion and a new sitting of the same run at once, one happens and the other is refused', async () => {
  const [deleted, begun] = await Promise.allSettled([
    workbench.handlers['run.delete']({ run: 'a' }),
    workbench.handlers['run.continue']({ run: 'a', moreEpochs: 1 })
  ])
  expect([deleted.status, begun.status].sort()).toEqual(['fulfilled', 'rejected'])
  const isDeleted = deleted.status === 'fulfilled'
  expect([await exists(trashed('a')), world.trainers.length]).toEqual(isDeleted ? [true, 0] : [false, 1])
})

test('a run outside the library is not deleted, and its folder is named', async () => {
  const folder = join(world.paths.library, '..', 'elsewhere')
  await writeRun(folder, [startedEvent()])
  await expect(workbench.handlers['run.delete']({ run: folder })).rejects.toMatchObject({
    key: 'library.runElsewhere',
    values: { folder }
  })
  expect(await exists(join(folder, 'experiment.json'))).toBe(true)
})

test('a run is deleted only where the trash has room under its name, and stays usable otherwise', async () => {
  await mkdir(trashed('a'), { recursive: true })
  await expect(workbench.handlers['run.delete']({ run: 'a' })).rejects.toMatchObject({
    key: 'library.inTheWay',
    values: { path: trashed('a') }
  })
  expect((await readdir(stored('a'))).sort()).toEqual(['events.jsonl', 'experiment.json'])
})

test.each([
  ['nobody', 'library.notInTrash'],
  ['experiment.json', 'library.notInTrash'],
  ['..', 'run.unknown'],
  ['/nowhere/at/all', 'run.unknown']
])('%s cannot be restored: %s', async (run, key) => {
  await mkdir(join(world.paths.library, 'trash'))
  await writeFile(trashed('experiment.json'), '{}')
  await expect(workbench.handlers['run.restore']({ run })).rejects.toMatchObject({ key })
})

test('a run is not restored over another', async () => {
  await workbench.handlers['run.delete']({ run: 'a' })
  await writeRun(stored('a'), [])
  await expect(workbench.handlers['run.restore']({ run: 'a' })).rejects.toMatchObject({
    key: 'library.inTheWay',
    values: { path: stored('a') }
  })
  expect(await exists(trashed('a'))).toBe(true)
})
