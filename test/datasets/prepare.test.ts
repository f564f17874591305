import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { WorkerEvent } from '#contract/worker'
import { inspectPath } from '../../src-main/datasets/inspect-path'
import { prepareSource } from '../../src-main/datasets/prepare'
import { openPrepared } from '../../src-main/datasets/prepared'
import { idx } from '../../src-main/datasets/readers/idx'
import { folderWith } from '../fixtures/files'
import { temporaryFolder } from '../fixtures/folder'
import { idxBytes, writePair } from '../fixtures/idx'
import { tinyPng } from '../fixtures/png'

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

describe('a folder of images', () => {
  const prepareFolder = async () => {
    const path = await folderWith({ 'a/1.png': tinyPng(1), 'a/2.png': tinyPng(2), 'b/1.png': tinyPng(3) })
    const library = await temporaryFolder()
    return { path, library, prepare: () => prepareSource({ use: 'imageFolder', path }, library) }
  }

  test('is kept as its reader found it, with what was found', async () => {
    const { path, prepare } = await prepareFolder()
    await writeFile(join(path, 'b', 'broken.png'), 'x')
    const { folder, summary } = await prepare()
    expect(summary).toMatchObject({
      classes: ['a', 'b'],
      counts: { train: 3, test: 0 },
      findings: [{ kind: 'brokenFile', names: ['b/broken.png'] }]
    })
    expect((await openPrepared(folder)).train).toEqual({
      count: 3,
      features: Uint8Array.from([1, 0, 7, 255, 2, 0, 7, 255, 3, 0, 7, 255]),
      targets: Int32Array.from([0, 0, 1])
    })
  })

  test.each([
    ['changed', (path: string) => writeFile(join(path, 'a', '1.png'), tinyPng(700))],
    ['new', (path: string) => writeFile(join(path, 'b', '9.png'), tinyPng(9))],
    ['gone', (path: string) => rm(join(path, 'a', '1.png'))],
    ['a folder', (path: string) => mkdir(join(path, 'c'))]
  ])('is read anew when something in it is %s, and not else', async (_, change) => {
    const { path, prepare } = await prepareFolder()
    const { folder } = await prepare()
    expect((await prepare()).folder).toBe(folder)
    await change(path)
    expect((await prepare()).folder).not.toBe(folder)
  })
})

test('what is known of a table is kept with it, NaN included', async () => {
  const path = join(await folderWith({ 't.csv': 'a,c,y\n1,x,0\n,z,1\n3,x,0\n' }), 't.csv')
  const { folder, summary } = await prepareSource({ use: 'csv', path }, await temporaryFolder())
  expect(summary.columns).toEqual([
    { name: 'a', kind: 'number', missing: 1, range: [1, 3] },
    { name: 'c', kind: 'category', categories: ['x', 'z'], missing: 0, range: [0, 1] }
  ])
  const opened = await openPrepared(folder)
  expect([opened.summary, opened.train.features]).toEqual([summary, Float32Array.of(1, 0, NaN, 1, 3, 0)])
})

test('a formula has a place of its own for each of its options', async () => {
  const library = await temporaryFolder()
  const folders = await Promise.all(
    [1, 2, 1].map((seed) =>
      prepareSource({ use: 'synthetic', generator: 'circles', samples: 9, seed }, library)
    )
  )
  expect(folders[0].folder).toBe(folders[2].folder)
  expect(folders[0].folder).not.toBe(folders[1].folder)
})

test('reading tells how far it is', async () => {
  const events: WorkerEvent[] = []
  const rows = Array.from({ length: 300_000 }, (_, i) => `${i},${i % 2}`).join('\n')
  const path = join(await folderWith({ 't.csv': `a,y\n${rows}\n` }), 't.csv')
  await prepareSource({ use: 'csv', path }, await temporaryFolder(), (event) => events.push(event))
  const shares = events.map(({ share = 0 }) => share)
  expect(shares.length).toBeGreaterThan(5)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(events.map(({ message }) => message.key).filter((key) => key !== 'data.reading.part')).toEqual([
    'data.reading',
    'data.checking',
    'data.writing'
  ])
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
