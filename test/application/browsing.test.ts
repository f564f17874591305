import { afterEach, beforeEach, expect, test } from 'vitest'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBrowsing } from '../../src-main/application/browsing'

let folder: string
let root: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'steadygrad-browsing-')))
  root = join(folder, 'data')
  await mkdir(join(root, 'images', 'cat'), { recursive: true })
  await mkdir(join(folder, 'data-elsewhere'))
  await writeFile(join(root, 'table 10.csv'), '1,2')
  await writeFile(join(root, 'table 2.csv'), '')
  await writeFile(join(root, '.hidden'), '')
  await writeFile(join(folder, 'secret.txt'), 'secret')
})
afterEach(() => rm(folder, { recursive: true }))

const names = async (path: string, roots = [root]): Promise<string[]> =>
  (await openBrowsing(roots).list(path)).entries.map(({ name }) => name)

test('a folder that was named shows folders first, then files in the order in which people count', async () => {
  const browsing = openBrowsing([root])
  expect(await browsing.roots()).toEqual([{ path: root, name: 'data' }])
  expect(await browsing.list(root)).toEqual({
    path: root,
    entries: [
      { name: 'images', path: join(root, 'images'), isFolder: true },
      { name: 'table 2.csv', path: join(root, 'table 2.csv'), isFolder: false, bytes: 0 },
      { name: 'table 10.csv', path: join(root, 'table 10.csv'), isFolder: false, bytes: 3 }
    ],
    leftOut: 0
  })
  expect((await browsing.list(join(root, 'images'))).above).toBe(root)
})

test('a file shows its folder, with itself as the one that was asked for', async () => {
  const file = join(root, 'table 2.csv')
  expect(await openBrowsing([root]).list(file)).toMatchObject({ path: root, file })
})

test.each<[string, () => string]>([
  ['the folder above', () => join(root, '..')],
  ['a file beside it', () => join(folder, 'secret.txt')],
  ['a folder whose name begins alike', () => join(folder, 'data-elsewhere')],
  ['a way out that is spelled', () => `${root}/images/../../secret.txt`],
  ['the root of the disk', () => '/'],
  ['a relative path', () => 'images'],
  ['nothing', () => ''],
  ['a NUL', () => `${root}/images\0`],
  ['what is not there at all', () => join(folder, 'none')]
])('%s is outside, and nothing is told of it', async (_, path) => {
  await expect(openBrowsing([root]).list(path())).rejects.toMatchObject({ key: 'data.outside' })
})

test('a link that leads outside is neither shown nor followed, one that stays inside is', async () => {
  await symlink(folder, join(root, 'way-out'))
  await symlink(join(folder, 'secret.txt'), join(root, 'secret.csv'))
  await symlink(join(root, 'images'), join(root, 'same'))
  await symlink(join(root, 'nowhere'), join(root, 'broken'))
  expect(await names(root)).toEqual(['images', 'same', 'table 2.csv', 'table 10.csv'])
  for (const path of [join(root, 'way-out'), join(root, 'way-out', 'data-elsewhere')])
    await expect(openBrowsing([root]).list(path)).rejects.toMatchObject({ key: 'data.outside' })
  expect((await openBrowsing([root]).list(join(root, 'same'))).path).toBe(join(root, 'images'))
})

test('a root that is itself a link is looked through by both its names', async () => {
  const link = join(folder, 'link')
  await symlink(root, link)
  const browsing = openBrowsing([link])
  expect(await browsing.roots()).toEqual([{ path: root, name: 'data' }])
  for (const path of [link, root]) expect((await browsing.list(path)).path).toBe(root)
})

test('what is missing inside is said as missing, and a root that is gone is left out', async () => {
  await expect(openBrowsing([root]).list(join(root, 'none'))).rejects.toMatchObject({
    key: 'storage.notFound'
  })
  expect(await openBrowsing([join(folder, 'gone'), root]).roots()).toHaveLength(1)
})

test('without a named folder nothing can be looked through', async () => {
  const browsing = openBrowsing([])
  expect(await browsing.roots()).toEqual([])
  await expect(browsing.list('/')).rejects.toMatchObject({ key: 'data.outside', values: { folders: '–' } })
})
