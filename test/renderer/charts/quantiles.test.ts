import { expect, test } from 'vitest'
import { quantilesOf } from '../../../src-renderer/charts/quantiles'
import { Series } from '../../../src-renderer/state/series'

const width = 20
/** A series with these values in one column, one for each step. */
function seriesOf(values: readonly number[]): Series {
  const series = new Series()
  const rows = Float32Array.from(values.flatMap((value) => Array<number>(width).fill(value)))
  series.append({ first: 1, count: values.length, width, values: rows })
  return series
}

test('a quantile is the value below which that share of the steps lies', () => {
  const values = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1)
  expect(quantilesOf(seriesOf(values), 3, [0.5, 0.9, 0.99])).toEqual({ values: [50, 90, 99], exact: true })
})

test('what is not finite counts as infinitely large', () => {
  const { values } = quantilesOf(seriesOf([1, NaN, 2, Infinity]), 3, [0.5, 0.75])
  expect(values).toEqual([2, Infinity])
})

test('points that stand for several steps count as often, with their largest value, and say so', () => {
  const series = new Series()
  const cells = (values: number[]): Float32Array =>
    Float32Array.from(values.flatMap((value) => Array<number>(width).fill(value)))
  series.load({
    from: 1,
    to: 10,
    last: 10,
    width,
    steps: Float64Array.of(1, 10),
    minima: cells([1, 7]),
    maxima: cells([3, 7])
  })
  expect(quantilesOf(series, 3, [0.5, 0.9, 0.99])).toEqual({ values: [3, 3, 7], exact: false })
})

test('without steps there is no quantile', () => {
  expect(quantilesOf(new Series(), 3, [0.5])).toEqual({ values: [NaN], exact: true })
})
