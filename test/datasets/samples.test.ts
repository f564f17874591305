import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSamples } from '../../src-main/datasets/samples'
import { temporaryFolder } from '../fixtures/folder'
import { idxBytes } from '../fixtures/idx'

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, content)
  return path
}
const readJson = async (data: unknown, shape: number[], limit = 100) =>
  readSamples(await fileWith('samples.json', JSON.stringify(data)), shape, limit)

test('an IDX file gives its images as raw numbers, as many as wanted', async () => {
  const path = await fileWith('images', idxBytes([3, 1, 2], [0, 255, 1, 2, 3, 4]))
  expect(await readSamples(path, [1, 2, 1], 2)).toEqual({
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
    await expect(readSamples(path, [2], 1)).rejects.toMatchObject({
      key: 'storage.notJson',
      values: { path }
    })
  })

  test('that promises more than it holds is refused before memory is asked for', async () => {
    const path = await fileWith('samples.json', `[[${'1,'.repeat(999)}1]${',0'.repeat(999)}]`)
    await expect(readSamples(path, [1000], 1)).rejects.toMatchObject({ key: 'data.ragged' })
  })
})

test('images of another shape are refused with both shapes', async () => {
  const path = await fileWith('images', idxBytes([1, 4, 1], [1, 2, 3, 4]))
  await expect(readSamples(path, [2, 2, 1], 1)).rejects.toMatchObject({
    key: 'data.shapeDiffers',
    values: { path, found: '4 × 1 × 1', expected: '2 × 2 × 1' }
  })
})
