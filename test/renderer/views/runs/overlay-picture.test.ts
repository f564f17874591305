import { columnOf, rowWidth } from '#contract/step-rows'
import { expect, test } from 'vitest'
import { Series } from '../../../../src-renderer/state/series'
import { differenceOf, overlayPicture } from '../../../../src-renderer/views/runs/overlay-picture'

function seriesOf(losses: number[]): Series {
  const width = rowWidth(0)
  const values = new Float32Array(losses.length * width)
  losses.forEach((loss, row) => (values[row * width + columnOf('loss')] = loss))
  const series = new Series()
  series.append({ first: 1, count: losses.length, width, values })
  return series
}

test('each run is its own line, told apart by more than colour, on one axis for all', () => {
  const look = [
    { colour: 'blue', marker: 'circle', dash: [] },
    { colour: 'red', marker: 'triangle', dash: [6, 3] }
  ] as const
  const picture = overlayPicture({
    runs: [
      { columns: seriesOf([1, 0.1]), ...look[0], dash: [] },
      { columns: seriesOf([100, NaN, 0]), ...look[1], dash: [6, 3] }
    ],
    measure: 'loss',
    to: 3,
    width: 400
  })
  expect({
    lines: picture.lines.map(({ points, marker, dash }) => ({
      marker,
      dash,
      heights: points.flatMap(({ y }) => (y === null ? [] : [Number(y.toFixed(3))]))
    })),
    axis: [picture.left.low, picture.left.high],
    zeros: picture.zeros.map(({ step, colour }) => [step, colour]),
    odd: picture.odd.map(({ step, oddity }) => [step, oddity])
  }).toEqual({
    lines: [
      { marker: 'circle', dash: [], heights: [0, -1] },
      { marker: 'triangle', dash: [6, 3], heights: [2] }
    ],
    axis: [-1, 2],
    zeros: [[3, 'red']],
    odd: [[2, 'nan']]
  })
})

test('a difference is a share of the baseline, and none where it cannot be told', () => {
  expect([
    differenceOf(0.5, 1),
    differenceOf(-1, -2),
    differenceOf(1, 0),
    differenceOf(NaN, 1),
    differenceOf(1, NaN)
  ]).toEqual([-0.5, 0.5, undefined, undefined, undefined])
})
