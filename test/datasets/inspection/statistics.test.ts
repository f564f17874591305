import { expect, test } from 'vitest'
import { describeTargets, describeValues } from '../../../src-main/datasets/inspection/statistics'
import type { DatasetHandle, Samples } from '../../../src-main/datasets/reader'

const part = (features: number[], targets: number[], count = targets.length): Samples => ({
  count,
  features: Float32Array.from(features),
  targets: Float32Array.from(targets)
})
const dataset = (
  featureShape: number[],
  train: Samples,
  more: Partial<DatasetHandle> = {}
): DatasetHandle => ({
  name: 'small',
  source: { use: 'digits' },
  featureShape,
  targetSize: 1,
  train,
  ...more
})

test('each column has its own range, mean and deviation over all parts, without what is missing', () => {
  const test = part([5, 2], [0])
  const train = part([1, 10, 3, NaN, NaN, -Infinity], [0, 0, 0])
  expect(describeValues(dataset([2], train, { test }))).toEqual([
    { missing: 1, range: [1, 5], mean: 3, deviation: Math.sqrt(8 / 3) },
    { missing: 2, range: [2, 10], mean: 6, deviation: 4 }
  ])
})

test('the deviation of large numbers that differ little is not lost', () => {
  const [column] = describeValues(dataset([1], part([16777214, 16777216], [0, 0]))) ?? []
  expect(column.deviation).toBe(1)
})

test('of a series each value of a step is described over all steps', () => {
  const values = describeValues(dataset([2, 2], part([1, 10, 3, 20], [0])))
  expect(values?.map(({ range }) => range)).toEqual([
    [1, 3],
    [10, 20]
  ])
})

test('a column without any number has no range, and pictures and very wide samples are not described', () => {
  expect(describeValues(dataset([1], part([NaN], [0])))).toEqual([{ missing: 1 }])
  expect(describeValues(dataset([2, 2, 1], part([1, 2, 3, 4], [0])))).toBe(undefined)
  expect(describeValues(dataset([2001], part(new Array<number>(2001).fill(0), [0])))).toBe(undefined)
})

test('numeric targets are counted in equal steps of their range, for each part', () => {
  const train = part([0, 0, 0, 0], [0, 1, 11.9, 12])
  const test = part([0, 0], [6, NaN])
  const [target] = describeTargets(dataset([1], train, { test })) ?? []
  expect(target.histogram).toEqual({
    train: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
    test: [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
  })
  expect([target.range, target.missing]).toEqual([[0, 12], 1])
})

test('each number of a target is counted apart, and one that is always the same is one step', () => {
  const both = describeTargets(dataset([1], part([0, 0], [7, 1, 7, 2], 2), { targetSize: 2 }))
  expect(both?.map(({ histogram }) => histogram?.train.filter((count) => count > 0))).toEqual([[2], [1, 1]])
})

test('classes have no such numbers', () => {
  expect(describeTargets({ ...dataset([1], part([0], [0])), targetSize: undefined })).toBe(undefined)
})
