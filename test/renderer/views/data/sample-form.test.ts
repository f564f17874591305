import { expect, test } from 'vitest'
import type { DatasetSummary } from '#contract/dataset'
import { cellText } from '../../../../src-renderer/views/data/cell-text'
import { sampleForm, seriesRanges } from '../../../../src-renderer/views/data/sample-form'
import { binsOf } from '../../../../src-renderer/views/data/target-bins'

const datasetOf = (featureShape: number[], changes: Partial<DatasetSummary> = {}): DatasetSummary => ({
  name: 'small',
  source: { use: 'digits' },
  featureShape,
  featureType: 'float32',
  range: [0, 1],
  counts: { train: 0, test: 0 },
  findings: [],
  ...changes
})

test.each([
  [[28, 28, 1], 'picture'],
  [[32, 32, 3], 'picture'],
  [[8, 8, 5], 'row'],
  [[30, 2], 'series'],
  [[4], 'row']
])('samples of %j are shown as a %s', (shape, kind) => {
  expect(sampleForm(shape).kind).toBe(kind)
})

test('lines of series are drawn between the ranges of the whole source, or of what is there', () => {
  const values = [{ missing: 0, range: [-9, 9] as [number, number] }, { missing: 3 }]
  expect(seriesRanges(datasetOf([2, 2], { values }), [1, 2, 3, 4])).toEqual([
    [-9, 9],
    [0, 1]
  ])
  expect(seriesRanges(datasetOf([2, 2]), [1, 2, 3, 4])).toEqual([
    [1, 3],
    [2, 4]
  ])
  expect(seriesRanges(datasetOf([4]), [1, 2, 3, 4])).toEqual([])
})

test('a value of a table reads as it stood in its file', () => {
  const city = { name: 'city', kind: 'category' as const, categories: ['Rome', 'Oslo'], missing: 1 }
  expect([cellText(1, city), cellText(NaN, city), cellText(0.5, undefined)]).toEqual(['Oslo', '–', '0.5'])
})

test('bins of targets tell where each step begins and ends', () => {
  expect(binsOf({ missing: 0, range: [0, 6], histogram: { train: [1, 0, 2], test: [] } })).toEqual([
    { low: 0, high: 2, train: 1, test: 0 },
    { low: 2, high: 4, train: 0, test: 0 },
    { low: 4, high: 6, train: 2, test: 0 }
  ])
  expect(binsOf({ missing: 4 })).toEqual([])
})
