import { afterEach, beforeEach, expect, test } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measuredWidth } from '#contract/measures'
import { readMeasures } from '../../src-main/application/measures'
import { openRowWriter } from '../../src-main/storage/row-writer'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'steadygrad-measures-'))))
afterEach(() => rm(folder, { recursive: true }))

/** Stores measurements of so many layers, each holding nothing but its step. */
async function store(steps: readonly number[], layers: number): Promise<number> {
  const width = measuredWidth(layers, true)
  const files = { chunks: join(folder, 'measures.bin'), tail: join(folder, 'measures.tail'), bits: [] }
  const writer = await openRowWriter(files, width, 0)
  for (const step of steps) writer.append(new Float32Array(width).fill(step))
  writer.close()
  return width
}
const stepsOf = ({ count, width, values }: Awaited<ReturnType<typeof readMeasures>>): number[] =>
  Array.from({ length: count }, (_, row) => values[row * width])

test('the newest measurements are read, or those from a number on', async () => {
  const width = await store([1, 2, 5, 10], 1)
  const newest = await readMeasures(folder)
  expect([newest.first, newest.count, newest.width, newest.last]).toEqual([1, 4, width, 4])
  expect(stepsOf(newest)).toEqual([1, 2, 5, 10])
  expect(stepsOf(await readMeasures(folder, 3))).toEqual([5, 10])
})

test('no more than a message holds is read at once, but one at least', async () => {
  await store([1, 2, 5, 10, 20], 20)
  const newest = await readMeasures(folder)
  expect([newest.first, stepsOf(newest)]).toEqual([4, [10, 20]])
  expect(stepsOf(await readMeasures(folder, 1))).toEqual([1, 2])
})

test('a run that measures nothing has no measurements', async () => {
  expect(await readMeasures(folder)).toEqual({
    first: 1,
    count: 0,
    width: 0,
    last: 0,
    values: new Float32Array(0)
  })
})
