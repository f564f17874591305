import { expect, test } from 'vitest'
import { cellsOf } from '../../../../src-renderer/views/learn/cells'
import { sortCells, type Order } from '../../../../src-renderer/views/learn/sorting'
import { fakeStudies } from '../../fake-studies'

const { study } = fakeStudies[0]
const cells = cellsOf(fakeStudies[0])
const sorted = (order: Order): string[] => sortCells(cells, study.vary, order).map(({ id }) => id)

test('an axis is sorted by the order of its cases, so that depth 10 comes behind depth 2', () => {
  expect([sorted({ by: 2, descending: true }).slice(0, 2), sorted({ by: 0, descending: false })[0]]).toEqual([
    ['relu · Glorot · 4', 'relu · N(0, 1) · 4'],
    'relu · Glorot · 1'
  ])
})

test('a metric is sorted by its means, and what has none comes last, whichever way', () => {
  const [up, down] = [false, true].map((descending) => sorted({ by: 'multiplier', descending }))
  expect([up[0], down[0], up.slice(-4), down.slice(-4)]).toEqual([
    'sigmoid · Glorot · 2',
    'relu · N(0, 1) · 2',
    cells.filter(({ labels }) => labels[2] === '1').map(({ id }) => id),
    cells.filter(({ labels }) => labels[2] === '1').map(({ id }) => id)
  ])
})
