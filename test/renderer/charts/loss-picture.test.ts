import { columnOf, rowWidth } from '#contract/step-rows'
import { describe, expect, test } from 'vitest'
import {
  lossPicture,
  measureOf,
  type EpochScore,
  type LossView
} from '../../../src-renderer/charts/loss-picture'
import { Series } from '../../../src-renderer/state/series'

/** Steps with a loss and, for classes, an accuracy or, for numbers, a mean absolute error. */
function seriesOf(measure: 'accuracy' | 'mae', values: number[]): Series {
  const series = new Series()
  const width = rowWidth(0)
  const rows = new Float32Array(values.length * width)
  values.forEach((value, step) => {
    rows[step * width + columnOf('loss')] = 1
    rows[step * width + columnOf('accuracy')] = NaN
    rows[step * width + columnOf('mae')] = NaN
    rows[step * width + columnOf(measure)] = value
  })
  series.append({ first: 1, count: values.length, width, values: rows })
  return series
}

const view = (changes: Partial<LossView>): LossView => ({
  columns: seriesOf('accuracy', [0.5, 0.75]),
  from: 1,
  to: 2,
  width: 100,
  logarithmic: false,
  measure: 'accuracy',
  lossColour: 'blue',
  measureColour: 'orange',
  smoothing: 0,
  scores: [],
  occasions: [],
  ...changes
})

describe('what is drawn beside the loss', () => {
  test('is accuracy for classes, and mean absolute error for numbers, even where it is none at the end', () => {
    expect([
      measureOf(seriesOf('accuracy', [0.5])),
      measureOf(seriesOf('mae', [3, NaN])),
      measureOf(new Series())
    ]).toEqual(['accuracy', 'mae', 'accuracy'])
  })

  test('has an axis from 0 to 100 % for accuracy', () => {
    const { right, lines } = lossPicture(view({}))
    expect([right?.low, right?.high, lines.map(({ side }) => side)]).toEqual([0, 1, ['left', 'right']])
  })

  const numbers = seriesOf('mae', [20, 12])
  const scores: EpochScore[] = [
    { step: 2, part: 'validation', loss: 1, mae: 9 },
    { step: 2, part: 'test', loss: 1, mae: 41 },
    { step: 7, part: 'test', loss: 1, mae: 400 }
  ]

  test('has an axis around the errors in view, those of the scores included', () => {
    const { right } = lossPicture(view({ columns: numbers, measure: 'mae', scores }))
    expect([right?.low, right?.high]).toEqual([0, 50])
  })

  test('has the errors of validation and test as dots of its own', () => {
    const { dots } = lossPicture(view({ columns: numbers, measure: 'mae', scores }))
    expect(dots.filter(({ side }) => side === 'right').map(({ x, y, marker }) => [x, y, marker])).toEqual([
      [2, 9, 'circle'],
      [2, 41, 'rectRot'],
      [7, 400, 'rectRot']
    ])
  })

  test('is as logarithmic as the loss', () => {
    const { left, right, dots } = lossPicture(
      view({ columns: numbers, measure: 'mae', scores: scores.slice(0, 1), logarithmic: true })
    )
    expect([left.low, right?.low, right?.high]).toEqual([0, 0, 2])
    expect(dots.map(({ y }) => y)).toEqual([0, Math.log10(9)])
  })
})
