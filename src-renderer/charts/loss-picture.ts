import { columnOf } from '#contract/run'
import { linearAxis, logarithmicAxis, type Axis } from './axis'
import type { Dot, Occasion, Picture } from './picture'
import { linesOf } from './line-strokes'
import { reduce, type Columns } from './reduce'

/** A score at the end of an epoch. */
export interface EpochScore {
  step: number
  part: 'validation' | 'test'
  loss: number
  accuracy?: number
}

export interface LossView {
  columns: Columns
  from: number
  to: number
  /** Width of the plot in CSS pixels. */
  width: number
  logarithmic: boolean
  lossColour: string
  accuracyColour: string
  smoothing: number
  scores: EpochScore[]
  occasions: Occasion[]
}

/** Loss on the left and accuracy on the right axis, with the scores of each epoch as dots, as a picture. */
export function lossPicture(view: LossView): Picture {
  const { columns, from, to, logarithmic, lossColour, accuracyColour, smoothing } = view
  const buckets = Math.floor(view.width / 2)
  const loss = reduce(columns, columnOf('loss'), { from, to, buckets, logarithmic, smoothing })
  const accuracy = reduce(columns, columnOf('accuracy'), { from, to, buckets, logarithmic: false, smoothing })
  const hasAccuracy = accuracy.largest >= accuracy.smallest
  const heights = view.scores.map((score) => (logarithmic ? Math.log10(score.loss) : score.loss))
  const finite = heights.filter(
    (height, index) =>
      Number.isFinite(height) && view.scores[index].step >= from && view.scores[index].step <= to
  )
  const axis = logarithmic ? logarithmicAxis : linearAxis
  const dots = view.scores.flatMap(({ step, part, accuracy: share }, index): Dot[] => {
    const marker = part === 'validation' ? 'circle' : 'rectRot'
    const dot = { x: step, marker } as const
    return [
      ...(Number.isFinite(heights[index])
        ? [{ ...dot, y: heights[index], colour: lossColour, side: 'left' } as const]
        : []),
      ...(share === undefined ? [] : [{ ...dot, y: share, colour: accuracyColour, side: 'right' } as const])
    ]
  })
  return {
    from,
    to,
    left: axis(Math.min(loss.smallest, ...finite), Math.max(loss.largest, ...finite)),
    ...(hasAccuracy && { right: accuracyAxis }),
    // The first line is drawn on top.
    lines: [
      ...linesOf(loss, { colour: lossColour, width: 1.5, side: 'left' }),
      ...(hasAccuracy
        ? linesOf(accuracy, {
            colour: accuracyColour,
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
