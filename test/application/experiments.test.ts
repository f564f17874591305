import { afterEach, beforeEach, expect, test } from 'vitest'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createWorkbench, type Workbench } from '../../src-main/application/workbench'
import { createFakeWorld, experiment, type FakeWorld } from './fake-ports'

let world: FakeWorld
let handlers: Workbench['handlers']
let folder: string

beforeEach(async () => {
  world = await createFakeWorld()
  handlers = createWorkbench(world).handlers
  folder = join(world.paths.library, 'experiments')
})
afterEach(() => world.remove())

const save = (name: string, id?: string) =>
  handlers['experiment.save']({ experiment: { ...experiment, name }, ...(id !== undefined && { id }) })
const put = async (file: string, content: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, file), content)
}

test('a saved experiment is a readable file with its defaults, and is opened as it was saved', async () => {
  const entry = await save('Two Layers')
  const path = join(folder, 'two-layers.json')
  expect(entry).toEqual({ id: 'two-layers', name: 'Two Layers', path, changed: expect.any(Number) as number })
  const text = await readFile(path, 'utf8')
  expect(text.split('\n').slice(0, 4)).toEqual([
    '{',
    '  "version": 1,',
    '  "name": "Two Layers",',
    '  "seed": 1,'
  ])
  expect(await handlers['experiment.open']({ id: 'two-layers' })).toEqual(JSON.parse(text))
})

test('saving without an id never takes the place of another', async () => {
  const ids = await Promise.all([save('x'), save('X'), save('x!')])
  expect(ids.map(({ id }) => id)).toEqual(['x', 'x-2', 'x-3'])
  expect((await handlers['experiment.list']({})).map(({ name }) => name).sort()).toEqual(['X', 'x', 'x!'])
})

test('saving with an id takes its place, under whatever name', async () => {
  await save('x')
  expect(await save('renamed', 'x')).toMatchObject({ id: 'x', name: 'renamed' })
  expect(await handlers['experiment.list']({})).toMatchObject([{ id: 'x', name: 'renamed' }])
  expect(await readdir(folder)).toEqual(['x.json'])
})

test.each([
  ['梯度 实验', '梯度-实验'],
  ['../../etc/passwd', 'etc-passwd'],
  ['…', 'experiment']
])('the name %j becomes the harmless id %j', async (name, id) => {
  expect(await save(name)).toMatchObject({ id, name })
  expect(await readdir(folder)).toEqual([`${id}.json`])
})

test('the newest are listed first, and what is no experiment is not listed', async () => {
  await save('old')
  await save('new')
  await put('torn.json', '{"version": 1')
  await put('wrong.json', '{"version": 2}')
  await put('readme.txt', 'mine')
  await mkdir(join(folder, 'folder.json'))
  await utimes(join(folder, 'old.json'), 1000, 1000)
  await utimes(join(folder, 'new.json'), 2000, 2000)
  expect((await handlers['experiment.list']({})).map(({ id, changed }) => [id, changed])).toEqual([
    ['new', 2_000_000],
    ['old', 1_000_000]
  ])
})

test('no experiment is listed where there is no folder', async () => {
  expect(await handlers['experiment.list']({})).toEqual([])
})

test('an experiment that somebody sent is opened from where it was put, whatever its name', async () => {
  await put('From Ada (1).json', JSON.stringify(experiment))
  expect(await handlers['experiment.list']({})).toMatchObject([{ id: 'From Ada (1)', name: 'two layers' }])
  expect(await handlers['experiment.open']({ id: 'From Ada (1)' })).toMatchObject({ seed: 1 })
})

test('what cannot be opened is named with its problem', async () => {
  await put('torn.json', '{"version": 1')
  await put('wrong.json', JSON.stringify({ ...experiment, loss: { use: 'mse' } }))
  await expect(handlers['experiment.open']({ id: 'torn' })).rejects.toMatchObject({
    key: 'storage.notJson',
    values: { path: join(folder, 'torn.json') }
  })
  await expect(handlers['experiment.open']({ id: 'wrong' })).rejects.toMatchObject({
    key: 'library.badExperiment',
    values: { path: join(folder, 'wrong.json'), place: 'loss.use' }
  })
})

test.each(['nobody', '', '..', 'a/b', '../draft', 'x'.repeat(300), 'a\0b'])(
  'the id %j is known to nobody',
  async (id) => {
    const refusal = { key: 'library.noExperiment', values: { id } }
    await expect(handlers['experiment.open']({ id })).rejects.toMatchObject(refusal)
    await expect(handlers['experiment.delete']({ id })).rejects.toMatchObject(refusal)
  }
)

test('what is no experiment is not saved, with or without an id, and nothing is made of it', async () => {
  await save('x')
  const before = await readFile(join(folder, 'x.json'), 'utf8')
  const bad = { ...experiment, training: { batchSize: 0, epochs: 1 } }
  for (const id of [undefined, 'x'])
    await expect(handlers['experiment.save']({ experiment: bad, ...(id && { id }) })).rejects.toMatchObject({
      key: 'experiment.notAbove',
      values: { path: 'training.batchSize' }
    })
  await expect(save('x', '../x')).rejects.toMatchObject({ key: 'library.noExperiment' })
  expect([await readdir(folder), await readFile(join(folder, 'x.json'), 'utf8')]).toEqual([
    ['x.json'],
    before
  ])
})

test('an experiment that cannot take its place says so, leaves what is there and nothing beside it', async () => {
  await mkdir(join(folder, 'x.json', 'below'), { recursive: true })
  await expect(save('x', 'x')).rejects.toMatchObject({
    key: 'storage.notWritable',
    values: { path: join(folder, 'x.json') }
  })
  expect(await readdir(folder, { recursive: true })).toEqual(['x.json', join('x.json', 'below')])
})

test('deleted experiments lie in the trash, also two of one name', async () => {
  for (const name of ['first', 'second']) {
    await save(name, 'x')
    await handlers['experiment.delete']({ id: 'x' })
  }
  const trash = join(world.paths.library, 'trash')
  expect([await readdir(folder), (await readdir(trash)).sort()]).toEqual([[], ['x-2.json', 'x.json']])
  expect(JSON.parse(await readFile(join(trash, 'x-2.json'), 'utf8'))).toMatchObject({ name: 'second' })
})
