import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { summarize } from '../../../src-main/datasets/inspection/summarize'
import { idx } from '../../../src-main/datasets/readers/idx'
import { temporaryFolder } from '../../fixtures/folder'
import { idxBytes, writePair } from '../../fixtures/idx'

const float32 = (values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => bytes.writeFloatBE(value, 4 * i))
  return bytes
}

test('two files make a dataset with one class for every number up to the largest label', async () => {
  const paths = await writePair(await temporaryFolder(), [0, 2, 1, 2])
  expect(await idx.open({ use: 'idx', ...paths })).toEqual({
    name: 'images-idx3-ubyte',
    source: { use: 'idx', ...paths },
    featureShape: [2, 2, 1],
    classes: ['0', '1', '2'],
    targetSize: undefined,
    train: {
      count: 4,
      featureShape: [2, 2, 1],
      features: Uint8Array.from([0, 0, 7, 255, 1, 0, 7, 255, 2, 0, 7, 255, 3, 0, 7, 255]),
      targets: Int32Array.from([0, 2, 1, 2])
    },
    test: undefined
  })
})

test('labels that are real numbers make numeric targets', async () => {
  const folder = await temporaryFolder()
  const images = join(folder, 'images')
  const labels = join(folder, 'labels')
  await writeFile(images, idxBytes([2, 3], float32([1, 2, 3, 4, 5, 6]), 0x0d))
  await writeFile(labels, idxBytes([2, 2], float32([0.5, 1, 2, 3]), 0x0d))
  const { featureShape, classes, targetSize, train } = await idx.open({ use: 'idx', images, labels })
  expect({ featureShape, classes, targetSize, train }).toEqual({
    featureShape: [3],
    classes: undefined,
    targetSize: 2,
    train: {
      count: 2,
      featureShape: [3],
      targetSize: 2,
      features: Float32Array.from([1, 2, 3, 4, 5, 6]),
      targets: Float32Array.from([0.5, 1, 2, 3])
    }
  })
})

describe('files that do not belong together are refused', () => {
  test('more labels than images', async () => {
    const folder = await temporaryFolder()
    const { images } = await writePair(folder, [0, 1, 2])
    const { labels } = await writePair(folder, [0, 1, 2, 0, 1], { images: 'other', labels: 'more' })
    await expect(idx.open({ use: 'idx', images, labels })).rejects.toMatchObject({
      key: 'data.countsDiffer',
      values: { images, labels, imageCount: 3, labelCount: 5 }
    })
  })

  test('images and labels exchanged', async () => {
    const { images, labels } = await writePair(await temporaryFolder(), [0, 1, 2])
    await expect(idx.open({ use: 'idx', images: labels, labels: images })).rejects.toMatchObject({
      key: 'data.notImages',
      values: { path: labels, shape: '3' }
    })
    await expect(idx.open({ use: 'idx', images, labels: images })).rejects.toMatchObject({
      key: 'data.notLabels',
      values: { path: images, shape: '3 × 2 × 2' }
    })
  })

  test('parts with samples of different shapes', async () => {
    const folder = await temporaryFolder()
    const train = await writePair(folder, [0, 1])
    const testImages = join(folder, 'test-images')
    await writeFile(testImages, idxBytes([2, 1, 3], [1, 2, 3, 4, 5, 6]))
    await expect(
      idx.open({ use: 'idx', ...train, testImages, testLabels: train.labels })
    ).rejects.toMatchObject({
      key: 'data.partsDiffer',
      values: { train: train.images, trainShape: '2 × 2 × 1 uint8', test: testImages }
    })
  })

  test('half a test part', async () => {
    const train = await writePair(await temporaryFolder(), [0, 1])
    await expect(idx.open({ use: 'idx', ...train, testImages: train.images })).rejects.toMatchObject({
      key: 'data.testIncomplete',
      values: { features: 'testImages', labels: 'testLabels' }
    })
  })
})

describe('values that cannot be used are refused with their position', () => {
  test('a label that one changed bit put far beyond all others', async () => {
    const labels = Array.from({ length: 100 }, (_, i) => i % 10)
    labels[41] = 129
    const paths = await writePair(await temporaryFolder(), labels)
    await expect(idx.open({ use: 'idx', ...paths })).rejects.toMatchObject({
      key: 'data.labelOutOfRange',
      values: { path: paths.labels, index: 41, label: 129, highest: 9 }
    })
  })

  test('a negative label', async () => {
    const folder = await temporaryFolder()
    const { images } = await writePair(folder, [0, 1, 2])
    const labels = join(folder, 'negative')
    await writeFile(labels, idxBytes([3], [0, 1, 0xff], 0x09))
    await expect(idx.open({ use: 'idx', images, labels })).rejects.toMatchObject({
      key: 'data.labelOutOfRange',
      values: { path: labels, index: 2, label: -1, highest: 1 }
    })
  })

  test('a file without samples', async () => {
    const paths = await writePair(await temporaryFolder(), [])
    await expect(idx.open({ use: 'idx', ...paths })).rejects.toMatchObject({
      key: 'data.empty',
      values: { path: paths.images }
    })
  })
})

test('a pixel that is not a number stays, and is an error', async () => {
  const folder = await temporaryFolder()
  const { labels } = await writePair(folder, [0, 1])
  const images = join(folder, 'floats')
  await writeFile(images, idxBytes([2, 2], float32([0, 1, NaN, 2]), 0x0d))
  const handle = await idx.open({ use: 'idx', images, labels })
  expect([...handle.train.features]).toEqual([0, 1, NaN, 2])
  expect(summarize(handle).findings).toMatchObject([{ kind: 'nonFinite', severity: 'error', examples: [1] }])
})

test('a subset of classes is no mistake', async () => {
  const labels = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 3 : 8))
  const paths = await writePair(await temporaryFolder(), labels)
  expect((await idx.open({ use: 'idx', ...paths })).classes).toHaveLength(9)
})

describe('a path is recognized', () => {
  test('either file of a pair leads to both, gzipped or not', async () => {
    const folder = await temporaryFolder()
    const names = { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte.gz' }
    const paths = await writePair(folder, [0, 1], names)
    const source = { use: 'idx', ...paths }
    expect([await idx.match?.({ path: paths.images }), await idx.match?.({ path: paths.labels })]).toEqual([
      source,
      source
    ])
  })

  test('a file without its partner is named with what was expected', async () => {
    const folder = await temporaryFolder()
    const { images } = await writePair(folder, [0, 1], { images: 'a-images-idx3-ubyte', labels: 'b' })
    await expect(idx.match?.({ path: images })).rejects.toMatchObject({
      key: 'data.imagesAlone',
      values: { path: images, count: 2, shape: '2 × 2 × 2', expected: 'a-labels-idx1-ubyte' }
    })
  })

  test('a file that only claims to be IDX by its name is refused for what it holds', async () => {
    const path = join(await temporaryFolder(), 'train-images-idx3-ubyte')
    await writeFile(path, 'hello')
    await expect(idx.match?.({ path })).rejects.toMatchObject({ key: 'data.notIdx', values: { path } })
  })

  test('a folder laid out like MNIST becomes both parts, and one without is not ours', async () => {
    const folder = await temporaryFolder()
    const entries = [
      'train-images.idx3-ubyte',
      'train-labels.idx1-ubyte',
      't10k-images-idx3-ubyte.gz',
      't10k-labels-idx1-ubyte.gz'
    ]
    const [images, labels, testImages, testLabels] = entries.map((name) => join(folder, name))
    expect(await idx.match?.({ path: folder, entries })).toEqual({
      use: 'idx',
      images,
      labels,
      testImages,
      testLabels
    })
    expect(await idx.match?.({ path: folder, entries: ['train.png', 'labels.csv'] })).toBeUndefined()
    await expect(idx.match?.({ path: folder, entries: entries.slice(1) })).rejects.toMatchObject({
      key: 'data.folderIncomplete'
    })
  })
})

test('a truncated file is refused by name whichever role it plays', async () => {
  const paths = await writePair(await temporaryFolder(), [0, 1, 2])
  await writeFile(paths.labels, (await readFile(paths.labels)).subarray(0, -1))
  await expect(idx.open({ use: 'idx', ...paths })).rejects.toMatchObject({
    key: 'data.tooShort',
    values: { path: paths.labels, missing: 1 }
  })
})
