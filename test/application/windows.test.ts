import { afterEach, beforeEach, expect, test } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { columnOf, layerColumnOf, rowWidth, StepFlag } from '#contract/step-rows'
import { readWindow } from '../../src-main/application/windows'
import { openRowWriter, type RowWriter } from '../../src-main/storage/row-writer'
import { rowsOf, startedEvent } from './fake-ports'

let folder: string
let rows: RowWriter
const events = [startedEvent()]
const bits = [columnOf('flags'), layerColumnOf(0, 'flags')]
const width = rowWidth(1)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadygrad-windows-'))
  const files = { chunks: join(folder, 'steps.bin'), tail: join(folder, 'steps.tail'), bits }
  rows = await openRowWriter(files, width, 0)
})
afterEach(async () => {
  rows.close()
  await rm(folder, { recursive: true })
})

/** The losses of a window: smallest and largest of each bucket. */
const lossesOf = (values: Float32Array): number[] =>
  Array.from({ length: values.length / width }, (_, bucket) => values[bucket * width + columnOf('loss')])

test('steps that a trainer is still adding to are reduced to smallest and largest', async () => {
  rows.append(rowsOf(5, 1, 4, 2, 3))
  const window = await readWindow(folder, events, { points: 3 })
  expect({ ...window, minima: lossesOf(window.minima), maxima: lossesOf(window.maxima) }).toEqual({
    from: 1,
    to: 5,
    last: 5,
    width,
    steps: Float64Array.of(1, 3, 5),
    minima: [1, 2, 3],
    maxima: [5, 4, 3]
  })
})

test('a part of the steps is taken, and what lies behind the last one is left out', async () => {
  rows.append(rowsOf(...Array.from({ length: 2500 }, (_, index) => index + 1)))
  const window = await readWindow(folder, events, { from: 1020, to: 1029, points: 5 })
  expect(Array.from(window.steps)).toEqual([1020, 1022, 1024, 1026, 1028])
  expect(lossesOf(window.maxima)).toEqual([1021, 1023, 1025, 1027, 1029])
  expect(await readWindow(folder, events, { from: 2499, to: 9999, points: 10 })).toMatchObject({
    from: 2499,
    to: 2500,
    last: 2500
  })
})

test('a NaN is seen in its bucket beside the smallest number, and flags are joined', async () => {
  const values = rowsOf(1, NaN, 2)
  values[columnOf('flags')] = StepFlag.clipped
  values[2 * width + columnOf('flags')] = StepFlag.refused
  values[layerColumnOf(0, 'flags')] = StepFlag.overflow
  rows.append(values)
  const { minima, maxima } = await readWindow(folder, events, { points: 1 })
  expect([lossesOf(minima), lossesOf(maxima)]).toEqual([[1], [NaN]])
  expect([maxima[columnOf('flags')], maxima[layerColumnOf(0, 'flags')]]).toEqual([
    StepFlag.clipped | StepFlag.refused,
    StepFlag.overflow
  ])
})

test('a run without steps has an empty window', async () => {
  const none = await readWindow(folder, [], { points: 100 })
  expect(none).toMatchObject({
    from: 1,
    to: 0,
    last: 0,
    steps: new Float64Array(0),
    maxima: new Float32Array(0)
  })
})
