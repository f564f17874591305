import { expect, test } from 'vitest'
import { cellsOf, type Cell } from '../../../../src-renderer/views/learn/cells'
import {
  extremes,
  factorOf,
  growing,
  judge,
  leftOver,
  pairsOf,
  stoppedRuns
} from '../../../../src-renderer/views/learn/claims'
import { fakeStudies } from '../../fake-studies'

const cells = cellsOf(fakeStudies[0])
const pairs = pairsOf(cells, 0, { sigmoid: 'sigmoid', relu: 'relu' })
const cell = (id: string): Cell => cells.find((each) => each.id === id) as Cell
/** The same cell with another factor. */
const withFactor = (of: Cell, multiplier: number): Cell => ({
  ...of,
  runs: of.runs.map((run) => ({ ...run, multiplier }))
})

test('sigmoid and ReLU are paired at equal initialization and depth', () => {
  expect(pairs.map(({ sigmoid, relu, shared }) => [sigmoid.id, relu.id, shared])[4]).toEqual([
    'sigmoid · N(0, 1) · 2',
    'relu · N(0, 1) · 2',
    ['N(0, 1)', '2']
  ])
})

test('a claim is refuted where sigmoid has the smaller factor in every pair that was measured', () => {
  expect(judge(pairs)).toEqual({ answer: 'refuted', pairs: 4, smaller: 4 })
})

test('a claim is not refuted by numbers that support it', () => {
  const turned = pairs.map((pair) => ({ ...pair, sigmoid: withFactor(pair.sigmoid, 20) }))
  expect([judge(turned).answer, judge([...pairs, turned[1]]).answer, judge([]).answer]).toEqual([
    'supported',
    'mostly',
    'open'
  ])
})

test('what is left of a gradient is its share at the first hidden layer, the output left out', () => {
  expect([leftOver(cell('relu · Glorot · 1')), leftOver(cell('sigmoid · N(0, 1) · 2')).toFixed(3)]).toEqual([
    NaN,
    '1.005'
  ])
})

test('the cells that make gradients grow come with the strongest first', () => {
  const strongest = withFactor(cell('relu · N(0, 1) · 4'), 12)
  expect(growing([...cells, strongest]).map(({ id }) => id)).toEqual([
    'relu · N(0, 1) · 4',
    'relu · N(0, 1) · 2',
    'relu · N(0, 1) · 4'
  ])
})

test('the factor nearest to 1 and the one farthest from it are found in either direction', () => {
  const found = extremes(['relu · N(0, 1) · 2', 'sigmoid · N(0, 1) · 2', 'sigmoid · Glorot · 2'].map(cell))
  expect([found && factorOf(found.steady).toFixed(3), found && factorOf(found.extreme).toFixed(2)]).toEqual([
    '1.005',
    '8.04'
  ])
  expect(extremes([cell('relu · Glorot · 1')])).toBeUndefined()
})

test('runs that the guard stopped are counted', () => {
  expect([stoppedRuns(cells), stoppedRuns(pairs.map(({ sigmoid }) => sigmoid))]).toEqual([6, 0])
})
