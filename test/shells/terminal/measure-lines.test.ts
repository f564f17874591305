import { expect, test } from 'vitest'
import { HISTOGRAM_SIZE, measuredColumns, measuredWidth } from '#contract/measures'
import { measureLines } from '../../../src-main/shells/terminal/measure-lines'

test('a measurement tells its step and the numbers of each layer, without what a layer does not have', () => {
  const values = new Float32Array(measuredWidth(2, false)).fill(NaN)
  values[0] = 50
  values[1 + measuredColumns.indexOf('dead')] = 0.1
  values[1 + measuredColumns.length + measuredColumns.indexOf('saturated')] = Infinity
  const batch = { first: 8, count: 1, width: values.length, values }
  expect(measureLines(batch, ['dense_1', 'dense_2'])).toEqual([
    { step: 50, layers: { dense_1: { dead: 0.1 }, dense_2: { saturated: Infinity } } }
  ])
})

test('a deep one has its histograms besides', () => {
  const values = new Float32Array(measuredWidth(1, true)).fill(NaN)
  const at = 1 + measuredColumns.length
  values.fill(0, at)
  values[at + HISTOGRAM_SIZE] = 7
  const [{ layers }] = measureLines({ first: 1, count: 1, width: values.length, values }, ['dense_1'])
  const none = Array.from({ length: HISTOGRAM_SIZE }, () => 0)
  expect(layers.dense_1.histograms).toEqual({
    outputs: none,
    gradients: [7, ...none.slice(1)],
    weights: none
  })
})
