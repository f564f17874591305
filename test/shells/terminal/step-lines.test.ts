import { expect, test } from 'vitest'
import { columnOf, layerColumnOf, stepColumns, StepFlag } from '#contract/step-rows'
import { jsonLine } from '../../../src-main/shells/terminal/json-line'
import { stepLines } from '../../../src-main/shells/terminal/step-lines'
import { batchOf, rowsOf } from '../../application/fake-ports'

test('a step tells its numbers, and of each layer the norms and the ratio of update and weight', () => {
  const row = rowsOf(0.5)
  row[columnOf('loss')] = 2.3
  row[columnOf('gradientAfter')] = 0.25
  row[columnOf('flags')] = StepFlag.clipped
  row[layerColumnOf(0, 'update')] = 0.001
  row[layerColumnOf(0, 'weight')] = 2
  expect(stepLines(batchOf(41, row), ['dense_1'])).toEqual([
    {
      step: 41,
      epoch: 0.5,
      loss: 2.3,
      accuracy: 0.5,
      mae: 0.5,
      rate: 0.5,
      threshold: 0.5,
      gradientNorm: { before: 0.5, after: 0.25 },
      clipped: true,
      layers: {
        dense_1: { gradientBefore: 0.5, gradientAfter: 0.5, update: 0.001, weight: 2, ratio: 0.0005 }
      }
    }
  ])
})

test('what a run does not have is absent: accuracy, error, threshold, layers without telemetry, ratio of zero weights', () => {
  const row = rowsOf(1)
  row[columnOf('accuracy')] = NaN
  row[columnOf('mae')] = NaN
  row[columnOf('threshold')] = NaN
  row[layerColumnOf(0, 'weight')] = 0
  const [step] = stepLines(batchOf(1, row), ['dense_1'])
  expect(step).not.toHaveProperty('accuracy')
  expect(step).not.toHaveProperty('mae')
  expect(step).not.toHaveProperty('threshold')
  expect(step.layers.dense_1).toEqual({ gradientBefore: 1, gradientAfter: 1, update: 1, weight: 0 })
  const width = stepColumns.length
  const bare = stepLines({ first: 1, count: 1, width, values: rowsOf(1).slice(0, width) }, ['dense_1'])
  expect(bare[0].layers).toEqual({})
})

test('a refused step and its numbers that are not finite are listed in its JSON line', () => {
  const row = rowsOf(1)
  row[columnOf('loss')] = NaN
  row[columnOf('gradientBefore')] = Infinity
  row[columnOf('flags')] = StepFlag.refused | StepFlag.nonFinite
  row[layerColumnOf(0, 'gradientBefore')] = Infinity
  row[layerColumnOf(0, 'flags')] = StepFlag.overflow
  const [step] = stepLines(batchOf(3, row), ['dense_1'])
  expect(JSON.parse(jsonLine('en', 'step', step))).toMatchObject({
    type: 'step',
    step: 3,
    loss: null,
    refused: true,
    gradientNorm: { before: null, after: 1 },
    layers: { dense_1: { gradientBefore: null, overflow: true } },
    nonFinite: ['loss', 'gradientNorm.before', 'layers.dense_1.gradientBefore']
  })
})

test('the rows of a batch are numbered from its first step', () => {
  const steps = stepLines(batchOf(7, rowsOf(1, 2, 3)), ['dense_1'])
  expect(steps.map(({ step, loss }) => [step, loss])).toEqual([
    [7, 1],
    [8, 2],
    [9, 3]
  ])
})
