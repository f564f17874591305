import { expect, test } from 'vitest'
import { cellsOf, gradientByLayer, labelOf, wordOf } from '../../../../src-renderer/views/learn/cells'
import { fakeStudies } from '../../fake-studies'

const [activations] = fakeStudies
const [activation, initializer] = activations.study.vary

test('the cells of a study come in its order, each with its experiment and what its runs gave', () => {
  const cells = cellsOf(activations)
  expect(cells.map(({ id }) => id).slice(0, 4)).toEqual([
    'relu · Glorot · 1',
    'relu · Glorot · 2',
    'relu · Glorot · 4',
    'relu · N(0, 1) · 1'
  ])
  const { experiment, layers, runs, theory } = cells[2]
  expect([experiment.model.layers.length, experiment.seed, layers.length, runs.length, theory]).toEqual([
    6, 1, 5, 2, 0.5
  ])
})

test('a study without results has its cells all the same', () => {
  const cells = cellsOf({ ...activations, result: undefined })
  expect([cells.length, cells[0].runs, cells[0].theory]).toEqual([12, [], undefined])
})

test('a case is known by the word that it puts into the experiment', () => {
  expect([
    wordOf(activation, 'sigmoid'),
    wordOf(initializer, 'Glorot'),
    labelOf(initializer, 'randomNormal')
  ]).toEqual(['sigmoid', 'glorotNormal', 'N(0, 1)'])
})

test('gradients are averaged over the seeds by their powers of ten', () => {
  const [cell] = cellsOf(activations)
  const runs = [1e-2, 1e-4].map((norm) => ({ ...cell.runs[0], firstGradient: [norm, 1] }))
  const [first, last] = gradientByLayer({ ...cell, layers: ['one', 'two'], runs })
  expect([first.toExponential(3), last]).toEqual(['1.000e-3', 1])
})

test('a layer whose gradient is zero or not finite with one seed is so altogether', () => {
  const [cell] = cellsOf(activations)
  const runs = [
    [0, NaN],
    [1, 1]
  ].map((firstGradient) => ({ ...cell.runs[0], firstGradient }))
  expect(gradientByLayer({ ...cell, layers: ['one', 'two'], runs })).toEqual([0, NaN])
})
