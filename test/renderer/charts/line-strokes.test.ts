import { expect, test } from 'vitest'
import { linesOf, strokesOf } from '../../../src-renderer/charts/line-strokes'
import type { Line } from '../../../src-renderer/charts/picture'

const axis = { low: 0, high: 1, ticks: [] }
const line = (heights: (number | null)[]): Line => ({
  colour: 'blue',
  width: 1.5,
  dash: [4, 2],
  side: 'left',
  points: heights.map((y, x) => ({ x, y }))
})
const upAndDown = line(Array.from({ length: 200 }, (_, index) => index % 2))

test('a line that runs up and down without end is drawn fine and without dashes', () => {
  expect(strokesOf([upAndDown], { left: axis, right: undefined })).toEqual([{ width: 1, dash: [] }])
})

test('a calm line keeps its width and its dashes beside a restless one', () => {
  const calm = line(Array.from({ length: 200 }, () => 0.5))
  expect(strokesOf([calm, upAndDown], { left: axis, right: undefined })).toEqual([
    { width: 1.5, dash: [4, 2] },
    { width: 1, dash: [] }
  ])
})

test('what counts is how far a line runs on its axis, and a gap counts nothing', () => {
  const high = { low: 0, high: 1000, ticks: [] }
  const broken = line(Array.from({ length: 200 }, (_, index) => (index % 2 ? null : index % 4)))
  const strokes = [
    strokesOf([upAndDown], { left: high, right: undefined }),
    strokesOf([broken], { left: axis, right: undefined })
  ]
  expect(strokes.map(([{ width }]) => width)).toEqual([1.5, 1.5])
})

test('the raw line behind a smoothed one is pale and has no markers of its own', () => {
  const reduced = {
    line: [{ x: 1, y: 1 }],
    smooth: [{ x: 1, y: 2 }],
    zeros: [],
    odd: [],
    smallest: 1,
    largest: 1
  }
  const style = { colour: 'blue', marker: 'circle', width: 1.5, side: 'left' } as const
  expect(linesOf(reduced, style)).toEqual([
    { ...style, points: reduced.smooth },
    { ...style, points: reduced.line, width: 1, marker: undefined, dash: undefined, faint: true }
  ])
})
