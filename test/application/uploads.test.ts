import { afterEach, beforeEach, expect, test } from 'vitest'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { MOST_UPLOAD_BYTES, MOST_UPLOAD_FILES } from '#contract/upload'
import { createWorkbench, type Workbench } from '../../src-main/application/workbench'
import { createFakeWorld, type FakeWorld } from './fake-ports'

let world: FakeWorld
let workbench: Workbench
beforeEach(async () => {
  world = await createFakeWorld()
  workbench = createWorkbench(world)
})
afterEach(() => world.remove())

interface Sent {
  path: string
  content: string
  /** What the list says, where that is not the truth. */
  bytes?: number
}

/** What a page sends, as one piece. */
function bodyOf(files: Sent[], list: unknown = undefined): Buffer {
  const about = { files: files.map(({ path, content, bytes }) => ({ path, bytes: bytes ?? content.length })) }
  const text = Buffer.from(JSON.stringify(list ?? about))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return Buffer.concat([length, text, ...files.map(({ content }) => Buffer.from(content))])
}

/** The same in pieces of a size that no border inside respects. */
async function* pieces(body: Buffer, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size)
}

const uploads = (): string => join(world.paths.library, 'datasets', 'uploads')
const left = (): Promise<string[]> => readdir(uploads()).catch(() => [])

test.each([1, 3, 1 << 20])('files arrive as they were, in pieces of %i bytes', async (size) => {
  const files = [
    { path: 'animals/cat/1.png', content: 'a cat' },
    { path: 'animals/dog/1.png', content: '' },
    { path: 'animals/dog/2.png', content: 'another dog' }
  ]
  const path = await workbench.receive(pieces(bodyOf(files), size))
  expect(basename(path)).toBe('animals')
  expect(relative(uploads(), path).split(/[\\/]/)).toHaveLength(2)
  for (const { path: name, content } of files)
    expect(await readFile(join(path, '..', name), 'utf8')).toBe(content)
})

test('what is to be opened is the one file, or the folder of several', async () => {
  const one = await workbench.receive(pieces(bodyOf([{ path: 'a.csv', content: '1,2' }]), 64))
  const two = await workbench.receive(
    pieces(
      bodyOf([
        { path: 'images.idx', content: '1' },
        { path: 'labels.idx', content: '2' }
      ]),
      64
    )
  )
  expect([basename(one), await readFile(one, 'utf8'), await readdir(two)]).toEqual([
    'a.csv',
    '1,2',
    ['images.idx', 'labels.idx']
  ])
})

const file = { path: 'a.csv', content: '1,2' }
test.each<[string, Buffer, string]>([
  ['a way out', bodyOf([{ path: '../../escaped.txt', content: 'x' }]), 'data.uploadBadPath'],
  ['an absolute path', bodyOf([{ path: '/tmp/escaped.txt', content: 'x' }]), 'data.uploadBadPath'],
  ['a good file before a way out', bodyOf([file, { path: 'a/../..', content: 'x' }]), 'data.uploadBadPath'],
  ['one name twice', bodyOf([file, file]), 'data.uploadTwice'],
  ['names that differ in case only', bodyOf([file, { path: 'A.CSV', content: 'x' }]), 'data.uploadTwice'],
  [
    'a file in the place of a folder',
    bodyOf([file, { path: 'a.csv/b', content: 'x' }]),
    'storage.notWritable'
  ],
  ['less than the list says', bodyOf([{ ...file, bytes: 9 }]), 'data.uploadCut'],
  ['more than the list says', bodyOf([{ ...file, bytes: 1 }]), 'data.uploadDamaged'],
  ['no list', Buffer.from('{"files":[]}'), 'data.uploadDamaged'],
  ['a list that is cut', bodyOf([file]).subarray(0, 9), 'data.uploadCut'],
  [
    'a list that is not JSON',
    Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from('{]')]),
    'data.uploadDamaged'
  ],
  ['a list without files', bodyOf([], { files: [] }), 'data.uploadDamaged'],
  ['nothing', Buffer.alloc(0), 'data.uploadCut'],
  ['more than is taken', bodyOf([{ ...file, bytes: MOST_UPLOAD_BYTES + 1 }]), 'data.uploadTooLarge']
])('%s is refused, and nothing is left', async (_, body, key) => {
  await expect(workbench.receive(pieces(body, 5))).rejects.toMatchObject({ key })
  expect(await left()).toEqual([])
})

test('a page that goes away in the middle leaves nothing', async () => {
  async function* broken(): AsyncIterable<Uint8Array> {
    yield bodyOf([file]).subarray(0, -1)
    throw new Error('the connection is gone')
  }
  await expect(workbench.receive(broken())).rejects.toThrow('the connection is gone')
  expect(await left()).toEqual([])
})

test('what a killed process left half-written is swept away, and other uploads stay', async () => {
  await workbench.receive(pieces(bodyOf([file]), 64))
  await mkdir(join(uploads(), '.20260101-000000-abcdef.tmp-999999999-00000000'))
  await workbench.receive(pieces(bodyOf([file]), 64))
  expect((await left()).filter((name) => name.startsWith('.'))).toEqual([])
  expect(await left()).toHaveLength(2)
})

test.each([
  [1, MOST_UPLOAD_FILES + 1, 'data.uploadTooMany'],
  [MOST_UPLOAD_BYTES + 1, 1, 'data.uploadTooLarge']
])('there is no room for %i bytes in %i files', async (bytes, files, key) => {
  await expect(workbench.handlers['files.room']({ bytes, files })).rejects.toMatchObject({ key })
  expect(await workbench.handlers['files.room']({ bytes: 1, files: 1 })).toBeNull()
})
