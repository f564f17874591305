import { expect, test } from 'vitest'
import { curveCsv, curvePicture, type CurveLine } from '../../../../src-renderer/views/learn/curve'

const line = (name: string, norms: number[]): CurveLine => ({
  name,
  norms,
  colour: '#000',
  marker: 'circle',
  dash: []
})

test('norms are drawn by layer on a logarithmic axis, with a dot at each layer', () => {
  const { lines, dots, left } = curvePicture([line('one', [1e-3, 0.1, 1])], { from: 0, to: 3 })
  expect(lines[0].points).toEqual([
    { x: 1, y: -3 },
    { x: 2, y: -1 },
    { x: 3, y: 0 }
  ])
  expect([dots.length, left.low, left.high]).toEqual([3, -3, 0])
})

test('a zero stands in the gutter, what is not finite at the edge, and the line is broken there', () => {
  const { lines, zeros, odd } = curvePicture([line('one', [0, NaN, Infinity, 1])], { from: 0, to: 4 })
  expect([lines[0].points.map(({ y }) => y), zeros.map(({ step }) => step), odd]).toEqual([
    [null, null, null, 0],
    [1],
    [
      { step: 2, colour: '#000', oddity: 'nan' },
      { step: 3, colour: '#000', oddity: 'infinity' }
    ]
  ])
})

test('the numbers are written one row for each layer, shorter nets with nothing at the end', () => {
  expect(curveCsv([line('a, b', [1e-12, 1]), line('c', [0.5])])).toBe('layer,"a, b",c\n1,1e-12,0.5\n2,1,\n')
})
