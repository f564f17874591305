import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { WorkerEvent } from '#contract/worker'
import { inspectPath } from '../../src-main/datasets/inspect-path'
import { prepareSource } from '../../src-main/datasets/prepare'
import { openPrepared } from '../../src-main/datasets/prepared'
import { idx } from '../../src-main/datasets/readers/idx'
import { temporaryFolder } from '../fixtures/folder'
import { idxBytes, writePair } from '../fixtures/idx'

const labels = [0, 1, 2, 0, 1, 2]

async function prepareSmall() {
  const library = await temporaryFolder()
  const files = await temporaryFolder()
  const train = await writePair(files, labels)
  const test = await writePair(files, [2, 1], { images: 't-images', labels: 't-labels' })
  const source = { use: 'idx' as const, ...train, testImages: test.images, testLabels: test.labels }
  return { library, source, ...(await prepareSource(source, library)) }
}

test('a prepared dataset is what its reader found', async () => {
  const { source, folder, summary } = await prepareSmall()
  const read = await idx.open(source)
  const samples = ({ count, features, targets }: typeof read.train) => ({ count, features, targets })
  expect(await openPrepared(folder)).toEqual({
    folder,
    summary,
    train: samples(read.train),
    test: samples(read.test ?? read.train)
  })
})

test('a source without a test part is kept with an empty one', async () => {
  const source = { use: 'idx' as const, ...(await writePair(await temporaryFolder(), labels)) }
  const { folder } = await prepareSource(source, await temporaryFolder())
  expect((await openPrepared(folder)).test).toEqual({
    count: 0,
    features: new Uint8Array(),
    targets: new Int32Array()
  })
})

test('real numbers survive as 32-bit numbers', async () => {
  const files = await temporaryFolder()
  const bytes = Buffer.alloc(16)
  ;[0.1, -2.5, 3e30, 4].forEach((value, i) => bytes.writeFloatBE(value, 4 * i))
  const paths = { images: join(files, 'images'), labels: join(files, 'labels') }
  await writeFile(paths.images, idxBytes([2, 2], bytes, 0x0d))
  await writeFile(paths.labels, idxBytes([2], bytes.subarray(0, 8), 0x0d))
  const { folder } = await prepareSource({ use: 'idx', ...paths }, await temporaryFolder())
  expect((await openPrepared(folder)).train).toEqual({
    count: 2,
    features: Float32Array.from([0.1, -2.5, 3e30, 4]),
    targets: Float32Array.from([0.1, -2.5])
  })
})

describe('preparing again', () => {
  test('does no work while the files are as they were', async () => {
    const { library, source, folder, summary } = await prepareSmall()
    const events: WorkerEvent[] = []
    const again = await prepareSource(source, library, (event) => events.push(event))
    expect({ again, events }).toEqual({ again: { folder, summary }, events: [] })
  })

  test('reads anew when a file has changed', async () => {
    const { library, source, folder } = await prepareSmall()
    await writeFile(source.labels, idxBytes([6], [2, 2, 2, 0, 0, 1]))
    const again = await prepareSource(source, library)
    expect(again.folder).not.toBe(folder)
    expect((await openPrepared(again.folder)).train.targets).toEqual(Int32Array.from([2, 2, 2, 0, 0, 1]))
  })

  test('mends what is damaged, and removes what a killed process left', async () => {
    const { library, source, folder } = await prepareSmall()
    const left = join(library, 'datasets', `.${basename(folder)}.tmp-999999999-00ff00ff`)
    await truncate(join(folder, 'train-features.bin'), 3)
    await writeFile(left, 'half')
    await prepareSource(source, library)
    expect((await openPrepared(folder)).train.count).toBe(6)
    expect(await readdir(join(library, 'datasets'))).toEqual([basename(folder)])
  })

  test('twice at once reads the source once', async () => {
    const { library, source, folder } = await prepareSmall()
    await rm(folder, { recursive: true })
    const events: WorkerEvent[] = []
    const both = [1, 2].map(() => prepareSource(source, library, (event) => events.push(event)))
    const [first, second] = await Promise.all(both)
    expect(second).toEqual(first)
    expect(events.map(({ message }) => message.key)).toEqual([
      'data.reading',
      'data.checking',
      'data.writing'
    ])
  })
})

test('a damaged source leaves nothing in the library', async () => {
  const library = await temporaryFolder()
  const paths = await writePair(await temporaryFolder(), labels)
  await truncate(paths.images, 20)
  await expect(prepareSource({ use: 'idx', ...paths }, library)).rejects.toMatchObject({
    key: 'data.tooShort',
    values: { path: paths.images }
  })
  expect(await readdir(library)).toEqual([])
})

test('a source that is not there is named', async () => {
  const images = join(await temporaryFolder(), 'none')
  await expect(prepareSource({ use: 'idx', images, labels: images }, images)).rejects.toMatchObject({
    key: 'storage.notFound',
    values: { path: images }
  })
})

describe('a damaged prepared folder is refused with the file and the problem', () => {
  test.each([
    ['too short', (path: string) => truncate(path, 3), 'data.damagedSize', { expected: 24, found: 3 }],
    ['too long', (path: string) => appendFile(path, 'x'), 'data.damagedSize', { expected: 24, found: 25 }],
    ['changed', (path: string) => writeFile(path, new Uint8Array(24)), 'data.damagedContent', {}],
    ['missing', (path: string) => rm(path), 'storage.notFound', {}]
  ])('%s', async (_, damage, key, values) => {
    const { folder } = await prepareSmall()
    const path = join(folder, 'train-targets.bin')
    await damage(path)
    await expect(openPrepared(folder)).rejects.toMatchObject({ key, values: { path, ...values } })
  })

  test('its description changed', async () => {
    const { folder } = await prepareSmall()
    const path = join(folder, 'dataset.json')
    const about = await readFile(path, 'utf8')
    await writeFile(path, about.replace('"uint8"', '"complex"'))
    await expect(openPrepared(folder)).rejects.toMatchObject({ key: 'data.damaged', values: { path } })
    await writeFile(path, about.slice(0, 50))
    await expect(openPrepared(folder)).rejects.toMatchObject({ key: 'storage.notJson', values: { path } })
  })
})

describe('inspecting a path', () => {
  test('answers for a file, for a prepared folder and for a folder of parts', async () => {
    const { folder, summary, source } = await prepareSmall()
    expect(await inspectPath(folder)).toEqual(summary)
    expect(await inspectPath(source.images)).toMatchObject({ counts: { train: 6, test: 0 } })

    const parts = await temporaryFolder()
    const named = (part: string) => ({
      images: `${part}-images-idx3-ubyte`,
      labels: `${part}-labels-idx1-ubyte`
    })
    await writePair(parts, labels, named('train'))
    await writePair(parts, [0, 1, 2], named('t10k'))
    expect(await inspectPath(parts)).toMatchObject({ counts: { train: 6, test: 3 } })
  })

  test('says what is understood where nothing fits', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'notes.txt')
    await writeFile(path, 'hello')
    await expect(inspectPath(path)).rejects.toMatchObject({
      key: 'data.notUnderstood.file',
      values: { path }
    })
    await expect(inspectPath(folder)).rejects.toMatchObject({
      key: 'data.notUnderstood.folder',
      values: { path: folder }
    })
    await expect(inspectPath(join(folder, 'none'))).rejects.toMatchObject({ key: 'storage.notFound' })
  })
})
