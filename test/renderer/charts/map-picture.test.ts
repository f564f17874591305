import { expect, test } from 'vitest'
import { levelOf } from '../../../src-renderer/charts/diverging'
import { mapStretches } from '../../../src-renderer/charts/map-picture'
import type { Columns, Track } from '../../../src-renderer/charts/reduce'

const healthy = { low: -4, high: 1 }

function stretches(values: number[], cells: number): unknown {
  const steps = values.map((_, index) => index + 1)
  const columns: Columns = {
    width: 1,
    count: values.length,
    firsts: steps,
    lasts: steps,
    minima: [values],
    maxima: [values],
    find: (step) => Math.min(step, values.length) - 1
  }
  const track: Track = {
    smallest: (point) => values[point],
    largest: (point) => values[point],
    flags: () => 0
  }
  return mapStretches({ columns, from: 1, to: values.length, cells, tracks: [track], healthy })[0]
}

test('levels count half powers of ten from the healthy range and end at the last shade', () => {
  const levels = [-40, -5, -4, 0, 1, 1.1, 2].map((value) => levelOf(value, healthy))
  expect(levels).toEqual([-12, -2, 0, 0, 0, 1, 2])
})

test('neighbours of one shade are one stretch', () => {
  expect(stretches([1, 1, 1e3, 1e3, 1], 5)).toEqual([
    { from: 1, to: 2, shade: 0 },
    { from: 3, to: 4, shade: 4 },
    { from: 5, to: 5, shade: 0 }
  ])
})

test('a cell shows the worst of its steps: not finite before zero before far from healthy', () => {
  const worst = [
    [1, 1e3, 1],
    [1e3, 1e-9, 1],
    [1e9, 0, 1],
    [0, NaN, 1e9],
    [Infinity, 1, 0]
  ].map((values) => stretches(values, 1))
  expect(worst).toEqual([4, -10, 'zero', 'nan', 'infinity'].map((shade) => [{ from: 1, to: 3, shade }]))
})
