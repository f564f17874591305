import { severities } from '#contract/health'
import { expect, test } from 'vitest'
import { linearAxis } from '../../../src-renderer/charts/axis'
import {
  isSamePlacement,
  placeFindings,
  spread,
  withFindings,
  type FindingMark
} from '../../../src-renderer/charts/finding-marks'
import type { Picture } from '../../../src-renderer/charts/picture'
import { severityOutline } from '../../../src-renderer/charts/severity'

const area = { left: 0, right: 100, top: 0, bottom: 100 }
const mark = (key: string, step: number, layer?: number): FindingMark => ({
  key,
  step,
  severity: 'warning',
  label: key,
  ...(layer !== undefined && { layer }),
  chosen: false
})
const picture: Picture = {
  from: 0,
  to: 10,
  left: linearAxis(-4, 0),
  lines: [],
  dots: [],
  occasions: [],
  gutter: false,
  zeros: [],
  odd: [],
  ticks: [],
  showSteps: true
}
const scales = {
  area,
  x: (step: number) => step * 10,
  // From −4 at the bottom to 0 at the top.
  y: (_side: 'left' | 'right', value: number) => -25 * value,
  step: (x: number) => x / 10
}

/** Where marks stand whose lines have these values, as x and y. */
function placesOf(values: readonly number[], steps = values.map((_, index) => 1 + 2 * index)): number[][] {
  const marks = steps.map((step, index) => mark(String(index), step))
  const marked = withFindings(picture, marks, ({ key }) => values[Number(key)], true)
  return placeFindings(marked, scales).map(({ x, y }) => [x, y])
}

test('a mark stands at its step, as high as its line is there', () => {
  expect(placesOf([1e-1, 1e-2, 1e-3])).toEqual([
    [10, 25],
    [30, 50],
    [50, 75]
  ])
})

test('a mark whose line has no number stands at the top, and one of a zero at the bottom', () => {
  expect(placesOf([NaN, Infinity, 0])).toEqual([
    [10, 8],
    [30, 8],
    [50, 92]
  ])
})

test('marks of steps that are not in view are left out', () => {
  expect(placesOf([1e-1, 1e-2], [11, 5])).toEqual([[50, 50]])
})

test('no mark covers another, and all stay inside of the plot', () => {
  const placed = spread(
    ['a', 'b', 'c', 'd'].map((key) => ({ ...mark(key, 1), x: 0, y: 90 })),
    area
  )
  expect(placed.map(({ x, y }) => [x, y])).toEqual([
    [7, 90],
    [7, 75],
    [7, 60],
    [7, 45]
  ])
})

test('a placement is the same until a mark moves, comes or is chosen', () => {
  const marks = spread([{ ...mark('a', 1), x: 20, y: 20 }], area)
  const same = [
    { ...area, marks: marks.map((each) => ({ ...each })) },
    { ...area, marks: [] },
    { ...area, marks: marks.map((each) => ({ ...each, x: 21 })) },
    { ...area, marks: marks.map((each) => ({ ...each, chosen: true })) },
    { ...area, right: 99, marks }
  ].map((other) => isSamePlacement({ ...area, marks }, other))
  expect(same).toEqual([true, false, false, false, false])
})

test('each severity has a shape of its own', () => {
  expect(new Set(severities.map((severity) => severityOutline(severity, 7))).size).toBe(severities.length)
})
