import { columnOf } from '#contract/step-rows'
import { linearAxis, logarithmicAxis } from './axis'
import { bucketsFor } from './buckets'
import type { Occasion, Picture } from './picture'
import { reduce, type Columns } from './reduce'

export interface RateView {
  columns: Columns
  from: number
  to: number
  /** Width of the plot in CSS pixels. */
  width: number
  logarithmic: boolean
  colour: string
  occasions: Occasion[]
}

/** The learning rate of every step, as a picture. */
export function ratePicture({ columns, from, to, width, logarithmic, colour, occasions }: RateView): Picture {
  const rate = reduce(columns, columnOf('rate'), { from, to, buckets: bucketsFor(width, 1), logarithmic })
  const write = (value: number): string => String(Number(value.toPrecision(3))).replace('e+', 'e')
  return {
    from,
    to,
    // A rate is read against zero.
    left: logarithmic
      ? logarithmicAxis(rate.smallest, rate.largest)
      : linearAxis(
          Math.min(0, rate.smallest),
          Math.max(rate.largest, rate.smallest > rate.largest ? 1 : 0),
          write
        ),
    lines: [{ colour, points: rate.line, width: 1.5, side: 'left' }],
    dots: [],
    occasions,
    gutter: logarithmic,
    zeros: rate.zeros.map((step) => ({ step, colour, marker: 'circle' })),
    odd: rate.odd.map(({ step, oddity }) => ({ step, oddity, colour })),
    ticks: [],
    showSteps: true
  }
}
