import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DataColumn } from '#contract/dataset'
import { readSamples } from '../../src-main/datasets/samples'
import type { SampleForm } from '../../src-main/datasets/samples/form'
import { temporaryFolder } from '../fixtures/folder'
import { idxBytes } from '../fixtures/idx'
import { npyOfFloats } from '../fixtures/npy'
import { pngBytes } from '../fixtures/png'

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, content)
  return path
}
const readJson = async (data: unknown, shape: number[], limit = 100) =>
  readSamples(await fileWith('samples.json', JSON.stringify(data)), { shape }, limit)

test('an IDX file gives its images as raw numbers, as many as wanted', async () => {
  const path = await fileWith('images', idxBytes([3, 1, 2], [0, 255, 1, 2, 3, 4]))
  expect(await readSamples(path, { shape: [1, 2, 1] }, 2)).toEqual({
    count: 2,
    features: Float32Array.from([0, 255, 1, 2])
  })
})

describe('a JSON file', () => {
  const one = { count: 1, features: Float32Array.from([1, 2, 3, 4]) }
  const two = { count: 2, features: Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]) }

  test.each([
    ['one flat sample', [1, 2, 3, 4], one],
    [
      'one nested sample',
      [
        [1, 2],
        [3, 4]
      ],
      one
    ],
    [
      'one sample with its channel',
      [
        [[1], [2]],
        [[3], [4]]
      ],
      one
    ],
    [
      'flat samples',
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8]
      ],
      two
    ],
    [
      'nested samples',
      [
        [
          [1, 2],
          [3, 4]
        ],
        [
          [5, 6],
          [7, 8]
        ]
      ],
      two
    ]
  ])('may hold %s', async (_, data, samples) => {
    expect(await readJson(data, [2, 2, 1])).toEqual(samples)
  })

  test('may hold samples of a single number', async () => {
    expect(await readJson([1, 2, 3], [1])).toEqual({ count: 3, features: Float32Array.from([1, 2, 3]) })
  })

  test.each([
    ['samples of another shape', [[1, 2, 3]], 'data.shapeDiffers', { found: '1 × 3', expected: '2 × 2 × 1' }],
    [
      'lists of different lengths',
      [
        [1, 2, 3, 4],
        [5, 6]
      ],
      'data.ragged',
      { place: '[1]', expected: 4 }
    ],
    [
      'text among numbers',
      [
        [1, 2],
        [3, 'four']
      ],
      'data.notANumber',
      { place: '[1][1]', found: '"four"' }
    ],
    ['an empty list', [], 'data.empty', {}],
    ['no list', { a: 1 }, 'data.notAList', {}]
  ])('with %s is refused', async (_, data, key, values) => {
    await expect(readJson(data, [2, 2, 1])).rejects.toMatchObject({ key, values })
  })

  test('that is not JSON is refused by name', async () => {
    const path = await fileWith('samples.json', '[1, 2')
    await expect(readSamples(path, { shape: [2] }, 1)).rejects.toMatchObject({
      key: 'storage.notJson',
      values: { path }
    })
  })

  test('that promises more than it holds is refused before memory is asked for', async () => {
    const path = await fileWith('samples.json', `[[${'1,'.repeat(999)}1]${',0'.repeat(999)}]`)
    await expect(readSamples(path, { shape: [1000] }, 1)).rejects.toMatchObject({ key: 'data.ragged' })
  })
})

test('images of another shape are refused with both shapes', async () => {
  const path = await fileWith('images', idxBytes([1, 4, 1], [1, 2, 3, 4]))
  await expect(readSamples(path, { shape: [2, 2, 1] }, 1)).rejects.toMatchObject({
    key: 'data.shapeDiffers',
    values: { path, found: '4 × 1 × 1', expected: '2 × 2 × 1' }
  })
})

describe('an image', () => {
  const picture = pngBytes({ width: 2, height: 1, lines: [[10, 250]] })
  const colour = pngBytes({ width: 2, height: 1, colour: 2, lines: [[255, 0, 0, 9, 9, 9]] })
  const read = async (bytes: Uint8Array, form: SampleForm) => [
    ...(await readSamples(await fileWith('sample.png', bytes), form, 10)).features
  ]

  test('is one sample, in gray or in colours as the model takes it', async () => {
    expect([
      await read(picture, { shape: [1, 2, 1] }),
      await read(picture, { shape: [1, 2, 3] }),
      await read(colour, { shape: [1, 2, 1] })
    ]).toEqual([
      [10, 250],
      [10, 10, 10, 250, 250, 250],
      [76, 9]
    ])
  })

  test('of another size is brought to the model’s only where its own images were', async () => {
    await expect(read(picture, { shape: [2, 2, 1] })).rejects.toMatchObject({
      key: 'data.shapeDiffers',
      values: { found: '1 × 2 × 1', expected: '2 × 2 × 1' }
    })
    expect(await read(picture, { shape: [2, 4, 1], resize: true })).toHaveLength(8)
  })

  test('that is broken is named, and a model of something else takes none', async () => {
    await expect(read(Buffer.from('hello'), { shape: [1, 2, 1] })).rejects.toMatchObject({
      key: 'data.image.notAnImage'
    })
    await expect(read(picture, { shape: [2], resize: true })).rejects.toMatchObject({
      key: 'data.shapeDiffers'
    })
  })
})

describe('rows of a CSV file', () => {
  const columns: DataColumn[] = [
    { name: 'size', kind: 'number', missing: 0 },
    { name: 'colour', kind: 'category', categories: ['blue', 'red'], missing: 0 }
  ]
  const read = async (content: string, form: SampleForm, limit = 10) =>
    readSamples(await fileWith('rows.csv', content), form, limit)

  test('are taken by the names of the columns, whatever their order, as many as wanted', async () => {
    const content = 'colour,note,size\nred,x,1.5\nblue,y,-2\nred,z,3\n'
    expect(await read(content, { shape: [2], columns }, 2)).toEqual({
      count: 2,
      features: Float32Array.of(1.5, 1, -2, 0)
    })
  })

  test('are plain numbers for a model that was not trained on a table', async () => {
    expect(await read('1,2,3,4\n5,6,7,8\n', { shape: [2, 2, 1] })).toEqual({
      count: 2,
      features: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)
    })
  })

  test.each([
    [
      'a column is missing',
      'size,shade\n1,red\n',
      'data.columnsDiffer',
      { found: 'size, shade', expected: 'size, colour' }
    ],
    [
      'a category is unknown',
      'size,colour\n1,green\n',
      'data.noCategory',
      { line: 2, column: 'colour', found: 'green' }
    ],
    [
      'a number is missing',
      'size,colour\n1,red\n,red\n',
      'data.notFiniteCell',
      { line: 3, column: 'size', found: '' }
    ],
    ['a row is short', 'size,colour\n1,red\n2\n', 'data.raggedLine', { line: 3, found: 1, expected: 2 }]
  ])('are refused with the line where %s', async (_, content, key, values) => {
    await expect(read(content, { shape: [2], columns })).rejects.toMatchObject({ key, values })
  })

  test('of another number of values are refused with both', async () => {
    await expect(read('1,2,3\n4,5,6\n', { shape: [2, 2, 1] })).rejects.toMatchObject({
      key: 'data.shapeDiffers',
      values: { found: '3', expected: '2 × 2 × 1' }
    })
  })
})

describe('an NPY file', () => {
  test('gives samples, or a single one without a dimension for samples', async () => {
    const many = await fileWith('many.npy', npyOfFloats([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]))
    const one = await fileWith('one.npy', npyOfFloats([2, 2], [1, 2, 3, 4]))
    expect([
      await readSamples(many, { shape: [2, 2, 1] }, 1),
      await readSamples(one, { shape: [2, 2, 1] }, 9)
    ]).toEqual([
      { count: 1, features: Float32Array.of(1, 2, 3, 4) },
      { count: 1, features: Float32Array.of(1, 2, 3, 4) }
    ])
  })

  test('of another shape, or with NaN, is refused', async () => {
    const path = await fileWith('x.npy', npyOfFloats([1, 3], [1, 2, 3]))
    await expect(readSamples(path, { shape: [2] }, 1)).rejects.toMatchObject({
      key: 'data.shapeDiffers',
      values: { found: '3', expected: '2' }
    })
    const wrong = await fileWith('y.npy', npyOfFloats([1, 2], [1, NaN]))
    await expect(readSamples(wrong, { shape: [2] }, 1)).rejects.toMatchObject({
      key: 'data.notFinite',
      values: { index: 1 }
    })
  })
})
