import { columnOf } from '#contract/step-rows'
import { linearAxis, logarithmicAxis, type Axis } from './axis'
import type { Dot, Occasion, Picture } from './picture'
import { linesOf } from './line-strokes'
import { reduce, type Columns } from './reduce'

/** A score at the end of an epoch. */
export interface EpochScore {
  step: number
  part: 'validation' | 'test'
  loss: number
  /** Of classes. */
  accuracy?: number
  /** Of numbers: mean absolute error in raw units. */
  mae?: number
}

/** What is drawn beside the loss: accuracy for classes, mean absolute error for numbers. */
export type Measure = 'accuracy' | 'mae'

export interface LossView {
  columns: Columns
  from: number
  to: number
  /** Width of the plot in CSS pixels. */
  width: number
  logarithmic: boolean
  measure: Measure
  lossColour: string
  measureColour: string
  smoothing: number
  scores: EpochScore[]
  occasions: Occasion[]
}

/** Says what a run is measured by besides its loss: only where targets are numbers, no step has an accuracy. */
export const measureOf = ({ count, maxima }: Columns): Measure =>
  count > 0 && Number.isNaN(maxima[columnOf('accuracy')][count - 1]) ? 'mae' : 'accuracy'

/**
 * Loss on the left axis, and accuracy or mean absolute error on the right one, with the scores of each epoch as dots, as
 * a picture. An error is as logarithmic as the loss is.
 */
export function lossPicture(view: LossView): Picture {
  const { columns, from, to, logarithmic, measure, lossColour, measureColour, smoothing } = view
  const buckets = Math.floor(view.width / 2)
  const isLogarithmic = logarithmic && measure === 'mae'
  const loss = reduce(columns, columnOf('loss'), { from, to, buckets, logarithmic, smoothing })
  const second = reduce(columns, columnOf(measure), {
    from,
    to,
    buckets,
    logarithmic: isLogarithmic,
    smoothing
  })
  const left = view.scores.map((score) => heightOf(score.loss, logarithmic))
  const right = view.scores.map((score) => heightOf(score[measure], isLogarithmic))
  /** Heights of the scores in view. */
  const shown = (heights: number[]): number[] =>
    heights.filter((height, index) => {
      const { step } = view.scores[index]
      return Number.isFinite(height) && step >= from && step <= to
    })
  const hasSecond = second.largest >= second.smallest
  const axis = logarithmic ? logarithmicAxis : linearAxis
  const axisOver = ({ smallest, largest }: typeof loss, heights: number[]): Axis =>
    axis(Math.min(smallest, ...shown(heights)), Math.max(largest, ...shown(heights)))
  const dots = view.scores.flatMap(({ step, part }, index): Dot[] => {
    const dot = { x: step, marker: part === 'validation' ? 'circle' : 'rectRot' } as const
    return [
      ...(Number.isFinite(left[index])
        ? [{ ...dot, y: left[index], colour: lossColour, side: 'left' } as const]
        : []),
      ...(Number.isFinite(right[index])
        ? [{ ...dot, y: right[index], colour: measureColour, side: 'right' } as const]
        : [])
    ]
  })
  return {
    from,
    to,
    left: axisOver(loss, left),
    ...(hasSecond && { right: measure === 'accuracy' ? accuracyAxis : axisOver(second, right) }),
    // The first line is drawn on top.
    lines: [
      ...linesOf(loss, { colour: lossColour, width: 1.5, side: 'left' }),
      ...(hasSecond
        ? linesOf(second, {
            colour: measureColour,
            width: 1,
            dash: [4, 2],
            marker: 'triangle',
            side: 'right'
          })
        : [])
    ],
    dots,
    occasions: view.occasions,
    gutter: logarithmic,
    zeros: loss.zeros.map((step) => ({ step, colour: lossColour, marker: 'circle' })),
    odd: loss.odd.map(({ step, oddity }) => ({ step, oddity, colour: lossColour })),
    ticks: [],
    showSteps: false
  }
}

const accuracyAxis: Axis = {
  low: 0,
  high: 1,
  ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, text: `${value * 100}%` }))
}

const heightOf = (value: number | undefined, logarithmic: boolean): number =>
  value === undefined ? NaN : logarithmic ? Math.log10(value) : value
