import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { summarize } from '../../../src-main/datasets/inspection/summarize'
import { imageFolder } from '../../../src-main/datasets/readers/image-folder'
import { folderWith } from '../../fixtures/files'
import { pngBytes, tinyPng } from '../../fixtures/png'

const open = (path: string, options: { size?: [number, number]; channels?: 1 | 3 } = {}) =>
  imageFolder.open({ use: 'imageFolder', path, ...options })
/** Kinds and names of what was found. */
const findingsIn = async (path: string) =>
  summarize(await open(path)).findings.map(({ kind, part, names }) => ({ kind, part, names }))
const red = pngBytes({ width: 2, height: 1, colour: 2, lines: [[255, 0, 0, 255, 0, 0]] })
const gray = (value: number): Buffer => pngBytes({ width: 2, height: 1, lines: [[value, value]] })

test('each folder is a class, in the order of their names; images are in the order of theirs', async () => {
  const path = await folderWith({
    'dogs/b.png': gray(3),
    'dogs/a.png': gray(2),
    'cats/deep/in/c.png': gray(1)
  })
  const { featureShape, classes, train, test } = await open(path)
  expect({ featureShape, classes, test, features: [...train.features], targets: [...train.targets] }).toEqual(
    {
      featureShape: [1, 2, 1],
      classes: ['cats', 'dogs'],
      test: undefined,
      features: [1, 1, 2, 2, 3, 3],
      targets: [0, 1, 1]
    }
  )
  expect([0, 1, 2].map((index) => train.nameOf?.(index))).toEqual([
    'cats/deep/in/c.png',
    'dogs/a.png',
    'dogs/b.png'
  ])
})

describe('parts', () => {
  const partsOf = async (files: string[]) => {
    const path = await folderWith(Object.fromEntries(files.map((name, i) => [name, gray(i)])))
    const { classes, train, test } = await open(path)
    return {
      classes,
      train: [...train.features],
      test: test && [...test.features],
      labels: test && [...test.targets]
    }
  }

  test('train and test are folders of their own, with the same classes', async () => {
    expect(await partsOf(['Train/b/1.png', 'Train/a/1.png', 'test/b/1.png'])).toEqual({
      classes: ['a', 'b'],
      train: [1, 1, 0, 0],
      test: [2, 2],
      labels: [1]
    })
  })

  test('a validation part takes the place of a test part that is missing', async () => {
    expect(await partsOf(['train/a/1.png', 'val/a/1.png'])).toMatchObject({ train: [0, 0], test: [1, 1] })
  })

  test('a validation part beside a test part belongs to the training part, which is told', async () => {
    const files = ['train/a/1.png', 'train/b/1.png', 'valid/b/1.png', 'test/a/1.png']
    expect(await partsOf(files)).toMatchObject({ train: [0, 0, 1, 1, 2, 2], test: [3, 3] })
    const path = await folderWith(Object.fromEntries(files.map((name, i) => [name, gray(i)])))
    expect(summarize(await open(path)).findings.find(({ kind }) => kind === 'merged')).toMatchObject({
      severity: 'info',
      names: ['valid']
    })
  })

  test('a class may be called test where nothing is called train', async () => {
    expect(await partsOf(['test/1.png', 'val/1.png'])).toMatchObject({
      classes: ['test', 'val'],
      test: undefined
    })
  })
})

describe('colours', () => {
  test('images that are gray in every pixel have one channel, however they are stored', async () => {
    const stored = pngBytes({ width: 2, height: 1, colour: 2, lines: [[9, 9, 9, 8, 8, 8]] })
    const { featureShape, train } = await open(await folderWith({ 'a/1.png': stored, 'b/1.png': gray(7) }))
    expect({ featureShape, features: [...train.features] }).toEqual({
      featureShape: [1, 2, 1],
      features: [9, 8, 7, 7]
    })
  })

  test('one colour gives all of them three', async () => {
    const { featureShape, train } = await open(await folderWith({ 'a/1.png': gray(7), 'b/1.png': red }))
    expect({ featureShape, features: [...train.features] }).toEqual({
      featureShape: [1, 2, 3],
      features: [7, 7, 7, 7, 7, 7, 255, 0, 0, 255, 0, 0]
    })
  })

  test('wanted channels are given: brightness as Pillow takes it, or gray three times', async () => {
    const path = await folderWith({ 'a/1.png': red, 'b/1.png': gray(7) })
    const one = await open(path, { channels: 1 })
    const three = await open(await folderWith({ 'a/1.png': gray(7), 'b/1.png': gray(8) }), { channels: 3 })
    expect({ one: [...one.train.features], shape: three.featureShape }).toEqual({
      one: [76, 76, 7, 7],
      shape: [1, 2, 3]
    })
  })
})

describe('sizes', () => {
  test('that differ are refused with the first two images and the way out', async () => {
    const path = await folderWith({
      'a/1.png': gray(1),
      'a/2.png': tinyPng(2),
      'b/1.png': pngBytes({ width: 1, height: 1, lines: [[1]] })
    })
    await expect(open(path)).rejects.toMatchObject({
      key: 'data.imageFolder.mixedSizes',
      values: { path, first: 'a/1.png', firstSize: '1 × 2', second: 'a/2.png', secondSize: '2 × 2' }
    })
    expect((await open(path, { size: [3, 3] })).featureShape).toEqual([3, 3, 1])
  })

  test('that need more memory than there is are refused before it is asked for', async () => {
    const path = await folderWith({ 'a/1.png': gray(1), 'b/1.png': gray(2) })
    await expect(open(path, { size: [40_000, 40_000] })).rejects.toMatchObject({ key: 'data.overBudget' })
  })
})

describe('what is wrong with some files is told by their names, and the rest is used', () => {
  test('a broken image, a duplicate and a near-empty class', async () => {
    const many = (folder: string, from: number) =>
      Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${folder}/${i}.png`, tinyPng(from + i)]))
    const path = await folderWith({
      ...many('cats', 0),
      ...many('dogs', 100),
      'dogs/again.png': tinyPng(103),
      'dogs/broken.png': tinyPng(9).subarray(0, 50),
      'owls/only.png': tinyPng(200)
    })
    const { findings, counts } = summarize(await open(path))
    expect({ counts, findings }).toEqual({
      counts: { train: 14, test: 0 },
      findings: [
        {
          kind: 'brokenFile',
          severity: 'warning',
          part: 'train',
          count: 1,
          examples: [],
          names: ['dogs/broken.png'],
          message: { key: 'data.broken.damaged', values: { count: 1, names: 'dogs/broken.png' } }
        },
        {
          kind: 'duplicates',
          severity: 'warning',
          part: 'train',
          count: 1,
          examples: [12],
          names: ['dogs/again.png'],
          message: {
            key: 'data.duplicates.train',
            values: { count: 1, total: 14, positions: 'dogs/again.png = dogs/3.png' }
          }
        },
        {
          kind: 'nearEmptyClass',
          severity: 'warning',
          part: 'train',
          count: 1,
          examples: [13],
          names: ['owls'],
          message: {
            key: 'data.nearEmptyClass.train',
            values: { name: 'owls', count: 1, largest: 'dogs', most: 7 }
          }
        }
      ]
    })
  })

  test('files that are hidden, no images, or in no class; folders without an image are no classes', async () => {
    const path = await folderWith({
      'a/1.png': gray(1),
      'b/1.png': gray(2),
      'b/.cache.png': gray(3),
      'a/notes.txt': 'x',
      'loose.png': gray(4),
      'empty/': '',
      'texts/notes.txt': 'x',
      'worse/1.png': 'x'
    })
    expect(await findingsIn(path)).toEqual(
      expect.arrayContaining([
        { kind: 'brokenFile', part: 'train', names: ['worse/1.png'] },
        { kind: 'emptyClass', part: 'train', names: ['empty', 'texts', 'worse'] },
        { kind: 'skipped', part: 'train', names: ['b/.cache.png'] },
        { kind: 'skipped', part: 'train', names: ['a/notes.txt', 'texts/notes.txt'] },
        { kind: 'skipped', part: 'train', names: ['loose.png'] }
      ])
    )
    expect((await open(path)).classes).toEqual(['a', 'b'])
  })

  test('broken images of both parts stand with their part', async () => {
    const path = await folderWith({
      'train/a/1.png': gray(1),
      'train/b/1.png': '',
      'train/b/2.png': gray(2),
      'test/a/1.png': 'x',
      'test/b/1.png': gray(3)
    })
    expect((await findingsIn(path)).filter(({ kind }) => kind === 'brokenFile')).toEqual([
      { kind: 'brokenFile', part: 'train', names: ['train/b/1.png'] },
      { kind: 'brokenFile', part: 'test', names: ['test/a/1.png'] }
    ])
    const { test } = await open(path)
    expect({ count: test?.count, name: test?.nameOf?.(0), targets: test?.targets }).toEqual({
      count: 1,
      name: 'test/b/1.png',
      targets: Int32Array.of(1)
    })
  })
})

describe('a folder that cannot be used is refused', () => {
  test.each([
    ['without images', { 'a/notes.txt': 'x' }, 'data.imageFolder.none'],
    ['without classes', { '1.png': gray(1) }, 'data.imageFolder.none'],
    ['with nothing but broken images', { 'a/1.png': 'x', 'a/2.png': '' }, 'data.imageFolder.allBroken']
  ])('%s', async (_, files, key) => {
    const path = await folderWith(files as Record<string, string>)
    await expect(open(path)).rejects.toMatchObject({ key, values: { path } })
  })

  test('that is not there', async () => {
    const path = join(await folderWith({}), 'none')
    await expect(open(path)).rejects.toMatchObject({ key: 'storage.notFound', values: { path } })
  })
})

describe('a path is recognized', () => {
  const matched = async (files: Record<string, string>) => {
    const path = await folderWith(files)
    const found = await imageFolder.match?.({
      path,
      entries: Object.keys(files).map((name) => name.split('/')[0])
    })
    return found && { ...found, path: found.path === path }
  }
  test('by a folder in it that holds images, inside of a part or not', async () => {
    const source = { use: 'imageFolder', path: true }
    expect([await matched({ 'a/1.jpg': 'x' }), await matched({ 'train/a/1.jpg': 'x' })]).toEqual([
      source,
      source
    ])
    expect(await matched({ 'a/notes.txt': 'x' })).toBeUndefined()
  })

  test('images without folders for classes are named with what was expected', async () => {
    await expect(matched({ '1.png': 'x', '2.png': 'x' })).rejects.toMatchObject({
      key: 'data.imageFolder.noClasses',
      values: { count: 2, first: '1.png' }
    })
  })
})

test('links to images are followed, and a folder that leads into itself is read once', async () => {
  const path = await folderWith({ 'a/1.png': gray(1), 'b/1.png': gray(2) })
  await symlink(join(path, 'a', '1.png'), join(path, 'b', 'link.png'))
  await symlink(path, join(path, 'a', 'around'), 'dir')
  await writeFile(join(path, 'b', '2.png'), gray(3))
  expect((await open(path)).train.count).toBe(4)
})

test('every file and folder decides the samples', async () => {
  const path = await folderWith({ 'a/1.png': gray(1), 'b/': '', 'notes.txt': 'x' })
  expect(await imageFolder.files({ use: 'imageFolder', path })).toEqual(
    ['a', 'b', 'a/1.png', 'notes.txt'].map((name) => join(path, name))
  )
})
