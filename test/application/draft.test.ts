import { afterEach, beforeEach, expect, test } from 'vitest'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createWorkbench } from '../../src-main/application/workbench'
import { createFakeWorld, experiment, type FakeWorld } from './fake-ports'

let world: FakeWorld
beforeEach(async () => {
  world = await createFakeWorld()
})
afterEach(() => world.remove())

/** A workbench as after a new start; nothing of the one before is left in memory. */
const handlers = () => createWorkbench(world).handlers
const path = (name = ''): string => join(world.paths.library, `draft.json${name}`)

test.each([
  ['an experiment', experiment],
  ['what is no experiment yet', { ...experiment, training: { batchSize: 'twelv' } }],
  ['an empty list', []],
  ['a word', 'x'],
  ['nothing', null]
])('%s survives a new start as a draft', async (_, draft) => {
  await handlers()['draft.save']({ draft })
  expect(await handlers()['draft.read']({})).toEqual({ draft })
})

test('there is no draft at first', async () => {
  expect(await handlers()['draft.read']({})).toEqual({ draft: null })
})

test('of drafts saved at once the last one stays', async () => {
  const { 'draft.save': save, 'draft.read': read } = handlers()
  await Promise.all(Array.from({ length: 20 }, (_, draft) => save({ draft })))
  expect([await read({}), await readdir(world.paths.library)]).toEqual([{ draft: 19 }, ['draft.json']])
})

test('a draft that cannot be written leaves the one before it, and the next one can be written', async () => {
  const { 'draft.save': save, 'draft.read': read } = handlers()
  await save({ draft: 'old' })
  await expect(save({ draft: { count: 1n } })).rejects.toThrow('BigInt')
  expect([await read({}), await readdir(world.paths.library)]).toEqual([{ draft: 'old' }, ['draft.json']])
  await save({ draft: 'new' })
  expect(await read({})).toEqual({ draft: 'new' })
})

test('a draft that cannot take its place says so and leaves nothing beside it', async () => {
  await mkdir(join(path(), 'below'), { recursive: true })
  await expect(handlers()['draft.save']({ draft: 1 })).rejects.toMatchObject({
    key: 'storage.notWritable',
    values: { path: path() }
  })
  expect(await readdir(world.paths.library)).toEqual(['draft.json'])
})

test('a damaged draft reads as none and is kept aside', async () => {
  await mkdir(world.paths.library)
  await writeFile(path(), '{"version":1,"na')
  expect(await handlers()['draft.read']({})).toEqual({ draft: null })
  expect(await readFile(path('.damaged'), 'utf8')).toBe('{"version":1,"na')
  expect(await readdir(world.paths.library)).toEqual(['draft.json.damaged'])
})
