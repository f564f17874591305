import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { SourceOf } from '../../../src-main/datasets/reader'
import { npz } from '../../../src-main/datasets/readers/npz'
import { listZip } from '../../../src-main/datasets/readers/zip-file'
import { folderWith } from '../../fixtures/files'
import { npyOfBytes, npyOfWhole } from '../../fixtures/npy'

interface Archive {
  name: string
  file: string
  train: number[]
  test: number[]
  labels: number[]
}
const { archives } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'oracles', 'files.json'), 'utf8')
) as { archives: Archive[] }

const pathTo = async (bytes: Uint8Array): Promise<string> =>
  join(await folderWith({ 'arrays.npz': bytes }), 'arrays.npz')
async function open(bytes: Uint8Array, names: Partial<SourceOf<'npz'>> = {}) {
  return npz.open({ use: 'npz', path: await pathTo(bytes), ...names })
}
const x = npyOfBytes([2, 1], [1, 2])
const y = npyOfWhole([0, 1])

test.each(archives)(
  'an archive of NumPy’s $name is read with its test part',
  async ({ file, train, test, labels }) => {
    const handle = await open(Buffer.from(file, 'base64'))
    expect({
      shape: handle.featureShape,
      train: [...handle.train.features],
      test: [...(handle.test?.features ?? [])],
      labels: [...handle.train.targets]
    }).toEqual({ shape: [2, 2, 1], train, test, labels })
  }
)

describe('arrays', () => {
  test.each([
    ['x and y', { x, y }],
    ['capitals', { X: x, Y: y }],
    ['positional ones', { arr_0: x, arr_1: y }]
  ])('%s are found by their usual names', async (_, arrays) => {
    const files = Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]))
    const { train, test } = await open(zipSync(files))
    expect([[...train.features], [...train.targets], test]).toEqual([[1, 2], [0, 1], undefined])
  })

  test('are taken by the names that the source gives', async () => {
    const archive = zipSync({ 'pixels.npy': x, 'digits.npy': y, 'x.npy': npyOfBytes([1, 1], [9]) })
    const { train } = await open(archive, { features: 'pixels', labels: 'digits' })
    expect([...train.features]).toEqual([1, 2])
  })

  test('that are missing are asked for with what there is', async () => {
    await expect(open(zipSync({ 'x.npy': x, 'other.npy': y }))).rejects.toMatchObject({
      key: 'data.npz.noArray',
      values: { option: 'data.source.labels', names: 'x, other' }
    })
    await expect(open(zipSync({ 'x.npy': x, 'y.npy': y, 'x_test.npy': x }))).rejects.toMatchObject({
      key: 'data.npz.noArray',
      values: { option: 'data.source.testLabels' }
    })
    await expect(open(zipSync({ 'x.npy': x, 'y.npy': y }), { labels: 'z' })).rejects.toMatchObject({
      key: 'data.npz.noSuchArray',
      values: { name: 'z', names: 'x, y' }
    })
  })

  test('a damaged array is named with its archive', async () => {
    const path = await pathTo(zipSync({ 'x.npy': x.subarray(0, -1), 'y.npy': y }))
    await expect(npz.open({ use: 'npz', path })).rejects.toMatchObject({
      key: 'data.tooShort',
      values: { path: `${path}:x.npy`, missing: 1 }
    })
  })
})

describe('an archive that cannot be trusted is refused', () => {
  const packed = zipSync({
    'x.npy': [npyOfBytes([1000, 1], new Array<number>(1000).fill(3)), { level: 6 }],
    'y.npy': y
  })
  /** The archive with a number of its first entry in the directory changed. */
  async function changed(at: number, value: number, bytes: Uint8Array = packed): Promise<string> {
    const path = await pathTo(bytes)
    const file = await readFile(path)
    const entry = file.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    file.writeUInt32LE(value, entry + at)
    await writeFile(path, file)
    return path
  }
  test.each([
    ['a wrong checksum', 16, 1, 'data.zip.damaged'],
    ['a longer claim than deflate can keep', 24, 2 ** 30, 'data.claimsTooMuch'],
    ['a shorter claim than what it holds', 24, 500, 'data.inflatesTooFar'],
    ['more packed bytes than there are', 20, 2 ** 30, 'data.zip.damaged'],
    ['a header that is elsewhere', 42, 3, 'data.zip.damaged'],
    ['a length of 64 bits', 24, 0xffffffff, 'data.zip.tooLong'],
    ['another method', 8, 12 << 16, 'data.zip.method'],
    ['encryption', 8, (8 << 16) | 1, 'data.zip.encrypted']
  ])('%s', async (_, at, value, key) => {
    await expect(npz.open({ use: 'npz', path: await changed(at, value) })).rejects.toMatchObject({ key })
  })

  test('cut off', async () => {
    await expect(open(packed.subarray(0, -30))).rejects.toMatchObject({ key: 'data.zip.notZip' })
  })

  test('a directory that is not where its end says', async () => {
    const path = await pathTo(packed)
    const file = await readFile(path)
    file.writeUInt32LE(5, file.length - 22 + 16)
    await writeFile(path, file)
    await expect(listZip(path)).rejects.toMatchObject({ key: 'data.zip.damaged' })
  })
})

test('a path is recognized by its ending', async () => {
  expect([await npz.match?.({ path: '/a.npz' }), await npz.match?.({ path: '/a.zip' })]).toEqual([
    { use: 'npz', path: '/a.npz' },
    undefined
  ])
})
