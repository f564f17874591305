import { columnOf } from '#contract/step-rows'
import { linearAxis, logarithmicAxis } from '../../charts/axis'
import type { Marker } from '../../charts/colours'
import type { Picture } from '../../charts/picture'
import { reduce, type Columns, type Reduced } from '../../charts/reduce'

/** What runs can be compared by. */
export const measures = ['loss', 'accuracy', 'gradientBefore'] as const
export type Measure = (typeof measures)[number]

/** One run as it is drawn. */
export interface OverlaidRun {
  columns: Columns
  colour: string
  marker: Marker
  dash: number[]
}

export interface OverlayView {
  runs: readonly OverlaidRun[]
  measure: Measure
  to: number
  /** Width of the plot in CSS pixels. */
  width: number
}

/** One number of several runs over their steps; losses and norms on a logarithmic axis. */
export function overlayPicture({ runs, measure, to, width }: OverlayView): Picture {
  const logarithmic = measure !== 'accuracy'
  const reduction = { from: 1, to, buckets: Math.floor(width / 2), logarithmic, flags: columnOf('flags') }
  const reduced = runs.map(({ columns }): Reduced => reduce(columns, columnOf(measure), reduction))
  const smallest = Math.min(...reduced.map((each) => each.smallest))
  const largest = Math.max(...reduced.map((each) => each.largest))
  return {
    from: 1,
    to,
    left: logarithmic
      ? logarithmicAxis(smallest, largest)
      : linearAxis(0, 1, (value) => `${Math.round(value * 100)}%`),
    lines: runs.map(({ colour, marker, dash }, index) => ({
      colour,
      marker,
      dash,
      points: reduced[index].line,
      width: 1.5,
      side: 'left'
    })),
    dots: [],
    occasions: [],
    gutter: logarithmic,
    zeros: reduced.flatMap(({ zeros }, index) =>
      zeros.map((step) => ({ step, colour: runs[index].colour, marker: runs[index].marker }))
    ),
    odd: reduced.flatMap(({ odd }, index) => odd.map((each) => ({ ...each, colour: runs[index].colour }))),
    ticks: [],
    showSteps: true
  }
}

/** How far a value is from that of the baseline, as a share; undefined where it cannot be told. */
export function differenceOf(value: number, baseline: number): number | undefined {
  const share = (value - baseline) / Math.abs(baseline)
  return Number.isFinite(share) ? share : undefined
}
