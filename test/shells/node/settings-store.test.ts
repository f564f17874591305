import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSettings } from '../../../src-main/shells/node/settings-store'
import { temporaryFolder } from '../../fixtures/folder'

const open = (folder: string) => openSettings(folder, '1.2.3')

test('settings are a readable file that another start reads', async () => {
  const folder = join(await temporaryFolder(), 'not', 'there', 'yet')
  await open(folder).write({ theme: 'dark', shortcuts: false })
  expect(await readdir(folder)).toEqual(['settings.json'])
  expect(await readFile(join(folder, 'settings.json'), 'utf8')).toBe(
    '{\n\t"theme": "dark",\n\t"shortcuts": false\n}'
  )
  expect({ ...((await open(folder).read()) as object) }).toEqual({ theme: 'dark', shortcuts: false })
})

test('reading makes no file', async () => {
  const folder = await temporaryFolder()
  expect({ ...((await open(folder).read()) as object) }).toEqual({})
  expect(await readdir(folder)).toEqual([])
})

test('what another process wrote meanwhile is read', async () => {
  const folder = await temporaryFolder()
  const [mine, other] = [open(folder), open(folder)]
  await mine.write({ theme: 'dark' })
  await other.write({ theme: 'light' })
  expect(await mine.read()).toMatchObject({ theme: 'light' })
})

test.each(['reading', 'writing'])('a file that is not JSON is kept aside at %s', async (when) => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'settings.json'), '{"theme": "da')
  if (when === 'reading') expect({ ...((await open(folder).read()) as object) }).toEqual({})
  else await open(folder).write({ theme: 'light' })
  const kept = (await readdir(folder)).find((name) => name !== 'settings.json')
  expect(kept).toMatch(/^settings\.json\.corrupt-\d{4}-\d\d-\d\dT[\d-]+Z$/)
  expect(await readFile(join(folder, kept as string), 'utf8')).toBe('{"theme": "da')
})

test('a place that cannot be written is named', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'settings.json', 'below'), { recursive: true })
  await expect(open(folder).write({ theme: 'dark' })).rejects.toMatchObject({
    key: 'storage.notWritable',
    values: { path: join(folder, 'settings.json') }
  })
})
