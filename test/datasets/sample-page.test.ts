import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { SampleQuestion } from '#contract/look'
import { keepLastSource } from '../../src-main/datasets/last-source'
import { samplePage } from '../../src-main/datasets/sample-page'
import { temporaryFolder } from '../fixtures/folder'
import { idxBytes, writePair } from '../fixtures/idx'

const labels = [0, 1, 2, 0, 1, 2, 0]
/** A source of images with these labels that is not prepared yet, and pages of it. */
async function open() {
  const library = await temporaryFolder()
  const files = await writePair(await temporaryFolder(), labels)
  const openSource = keepLastSource(() => {})
  const read = async (question: Partial<SampleQuestion>) =>
    samplePage(await openSource({ use: 'idx', ...files }, library), {
      part: 'train',
      offset: 0,
      count: 200,
      ...question
    })
  return { files, read }
}
const page = async (question: Partial<SampleQuestion>) => (await open()).read(question)
/** What `writePair` puts into the image at a position. */
const pixelsAt = (index: number): number[] => [index & 255, index >> 8, 7, 255]
const pageWith = (total: number, indices: number[]) => ({
  total,
  indices,
  targets: indices.map((index) => labels[index]),
  features: Float32Array.from(indices.flatMap(pixelsAt))
})

describe('samples', () => {
  test('come in the order of the source, page by page, as they are stored', async () => {
    expect(await page({ offset: 2, count: 3 })).toEqual(pageWith(7, [2, 3, 4]))
  })
  test('of a class are those with that label', async () => {
    expect(await page({ class: 0 })).toEqual(pageWith(3, [0, 3, 6]))
    expect(await page({ class: 0, offset: 1, count: 1 })).toEqual(pageWith(3, [3]))
  })
  test('at certain positions come in the order asked for', async () => {
    expect(await page({ indices: [6, 1, 3] })).toEqual(pageWith(3, [6, 1, 3]))
    expect(await page({ indices: [6, 1, 3], class: 0, offset: 1 })).toEqual(pageWith(2, [3]))
  })
  test('behind the last one are none', async () => {
    expect(await page({ offset: 7 })).toEqual(pageWith(7, []))
  })
  test('of a part that the source does not have are none', async () => {
    expect(await page({ part: 'test' })).toEqual(pageWith(0, []))
  })
})

describe('a question that cannot be answered names what is wrong', () => {
  test('positions where there is no sample', async () => {
    await expect(page({ indices: [1, 7, 90] })).rejects.toMatchObject({
      key: 'data.noSample.train',
      values: { count: 7, positions: '7, 90' }
    })
    const many = Array.from({ length: 12 }, (_, i) => i)
    await expect(page({ part: 'test', indices: many })).rejects.toMatchObject({
      key: 'data.noSample.test',
      values: { count: 0, positions: '0, 1, 2, 3, 4, 5, 6, 7, 8, 9 …' }
    })
  })
  test('a class that is not there', async () => {
    await expect(page({ class: 3 })).rejects.toMatchObject({
      key: 'data.noSuchClass',
      values: { class: 3, highest: 2 }
    })
  })
  test('a class where targets are numbers', async () => {
    const { files, read } = await open()
    const numbers = Buffer.alloc(4 * labels.length)
    labels.forEach((label, i) => numbers.writeFloatBE(label - 0.5, 4 * i))
    await writeFile(files.labels, idxBytes([labels.length], numbers, 0x0d))
    await expect(read({ class: 0 })).rejects.toMatchObject({ key: 'data.noClasses' })
    expect((await read({ count: 3 })).targets).toEqual([-0.5, 0.5, 1.5])
  })
})
