import { expect, test } from 'vitest'
import { cellsOf, type Cell } from '../../../../src-renderer/views/learn/cells'
import {
  glyphOf,
  rangeOf,
  shadeOf,
  spreadIn,
  writeInMap,
  writeMetric,
  writeSpread
} from '../../../../src-renderer/views/learn/metrics'
import { fakeStudies } from '../../fake-studies'

const cells = cellsOf(fakeStudies[0])
const cell = (id: string): Cell => cells.find((each) => each.id === id) as Cell

test('a metric of a cell is told as mean and deviation over its seeds', () => {
  const sigmoid = cell('sigmoid · Glorot · 4')
  expect([
    writeSpread('multiplier', spreadIn(sigmoid, 'multiplier')),
    writeSpread('theory', spreadIn(sigmoid, 'theory')),
    writeSpread('agreement', spreadIn(sigmoid, 'agreement')),
    writeSpread('testAccuracy', spreadIn(sigmoid, 'testAccuracy')),
    writeSpread('stepRatio', spreadIn(sigmoid, 'stepRatio'))
  ]).toEqual(['×0.251 ± 0.002', '×0.250', '×1.00 ± 0.01', '20.00% ± 0.00%', '×1.25 ± 0.00'])
})

test('what was not measured is a dash, and what is not finite is said', () => {
  expect([
    writeSpread('multiplier', spreadIn(cell('relu · Glorot · 1'), 'multiplier')),
    writeSpread('testLoss', spreadIn(cell('relu · N(0, 1) · 4'), 'testLoss')),
    writeSpread('testLoss', spreadIn({ ...cell('relu · Glorot · 1'), runs: [] }, 'testLoss'))
  ]).toEqual(['–', 'NaN', '–'])
})

test('factors far from 1 are written with an exponent', () => {
  expect([0.237, 7.1, 1.8e-12, 4.5e9, 0, Infinity].map((value) => writeMetric('multiplier', value))).toEqual([
    '×0.237',
    '×7.10',
    '×1.80e-12',
    '×4.50e9',
    '×0',
    '×∞'
  ])
})

test('a narrow cell of the map holds two digits, a share as whole per cent', () => {
  expect([
    writeInMap('multiplier', 0.2371, false),
    writeInMap('testAccuracy', 0.9214, false),
    writeInMap('testAccuracy', 0.9214, true),
    writeInMap('firstLayer', 1.84e-12, false)
  ]).toEqual(['0.24', '92', '92.14', '2e-12'])
})

test('a factor has a glyph that says without colour whether gradients shrink, stay or grow', () => {
  expect([0.24, 1, 7].map((value) => glyphOf('multiplier', value))).toEqual(['↓', '=', '↑'])
  expect([glyphOf('testLoss', 0.24), glyphOf('multiplier', NaN)]).toEqual(['', ''])
})

test('losses are shaded by their logarithm between the smallest and the largest', () => {
  const range = { low: 0.25, high: 4 }
  expect([0.25, 1, 4, 0].map((loss) => shadeOf('testLoss', loss, range)?.share)).toEqual([0, 0.5, 1, 0])
  expect(shadeOf('testLoss', NaN, range)).toBeUndefined()
})

test('the range of a metric leaves out what is not finite', () => {
  const { low, high } = rangeOf('testLoss', cells)
  expect([low.toFixed(2), high.toFixed(2)]).toEqual(['0.20', '0.80'])
})
