import { layerColumnOf, rowWidth } from '#contract/step-rows'
import { expect, test } from 'vitest'
import { ratioAt } from '../../../src-renderer/charts/ratio'
import { ratioPicture } from '../../../src-renderer/charts/ratio-picture'
import { Series } from '../../../src-renderer/state/series'

/** Steps of one layer, each with the norm of its update and of its weights. */
function series(steps: [update: number, weight: number][]): Series {
  const width = rowWidth(1)
  const values = new Float32Array(width * steps.length)
  steps.forEach(([update, weight], row) => {
    values[row * width + layerColumnOf(0, 'update')] = update
    values[row * width + layerColumnOf(0, 'weight')] = weight
  })
  const made = new Series()
  made.append({ first: 1, count: steps.length, width, values })
  return made
}

test('the ratio is update through weight; weights that are all zero have none, and what is not finite stays so', () => {
  const columns = series([
    [2, 4],
    [0, 4],
    [1, 0],
    [NaN, 4],
    [1, Infinity]
  ])
  expect([0, 1, 2, 3, 4, 5].map((point) => ratioAt(columns, 0, point))).toEqual([
    0.5,
    0,
    undefined,
    NaN,
    Infinity,
    undefined
  ])
})

test('the picture has the healthy range in view, zeros in the gutter and no mark where there is no ratio', () => {
  const { left, healthy, zeros, odd } = ratioPicture({
    columns: series([
      [4e-3, 4],
      [0, 4],
      [1, 0]
    ]),
    from: 1,
    to: 3,
    width: 300,
    layers: [{ colour: 'blue', marker: 'circle' }],
    smoothing: 0,
    occasions: []
  })
  expect({ low: left.low <= -4, high: left.high >= -2, healthy, zeros, odd }).toEqual({
    low: true,
    high: true,
    healthy: { low: -4, high: -2 },
    zeros: [{ step: 2, colour: 'blue', marker: 'circle' }],
    odd: []
  })
})
