import type { DatasetSummary } from '#contract/dataset'
import { cellText } from '../../../../src-renderer/views/data/cell-text'
import { describe, expect, test } from 'vitest'
import {
  columnNames,
  outputNames,
  targetText,
  writeExact
} from '../../../../src-renderer/views/trial/targets'

const data: DatasetSummary = {
  name: 'houses',
  source: { use: 'csv', path: '/houses.csv' },
  featureShape: [2],
  featureType: 'float32',
  columns: [
    { name: 'area', kind: 'number', missing: 0, range: [20, 200] },
    { name: 'town', kind: 'category', categories: ['Aachen', 'Bonn'], missing: 1, range: [0, 1] }
  ],
  target: 'price',
  range: [0, 200],
  counts: { train: 10, test: 0 },
  findings: []
}

test('a target is the name of its class, or its numbers', () => {
  expect([targetText({ ...data, classes: ['cat', 'dog'] }, [1]), targetText(data, [1.5, 2])]).toEqual([
    'dog',
    '1.5, 2'
  ])
})

test('columns have their names, and numbers where they have none', () => {
  const numbered = (place: number): string => `#${place}`
  const without = { ...data, columns: undefined }
  expect([columnNames(data, 2, numbered), columnNames(without, 2, numbered)]).toEqual([
    ['area', 'town'],
    ['#1', '#2']
  ])
})

test('one number has the name of the target, several have their places', () => {
  const numbered = (place: number): string => `#${place}`
  expect([outputNames(1, 'price', numbered), outputNames(2, 'price', numbered)]).toEqual([
    ['price'],
    ['#1', '#2']
  ])
})

test('a cell has the name of its category, its number, or a dash where it is missing', () => {
  expect([
    cellText(81.25, data.columns?.[0]),
    cellText(1, data.columns?.[1]),
    cellText(NaN, data.columns?.[1])
  ]).toEqual(['81.25', 'Bonn', '–'])
})

describe('the text of a value', () => {
  test.each([
    [Math.fround(0.1), '0.1'],
    [Math.fround(123456.789), '123456.79'],
    [16777216, '16777216'],
    [-3, '-3'],
    [NaN, '']
  ])('of %d is %s', (value, text) => {
    expect([writeExact(value), text === '' || Math.fround(Number(text)) === value]).toEqual([text, true])
  })
})
