import { columnOf, layerColumnOf, StepFlag } from '#contract/run'
import { logarithmicAxis } from './axis'
import type { Marker } from './colours'
import type { Line, Occasion, Picture } from './picture'
import { flaggedSteps, reduce, type Columns, type Reduced } from './reduce'

export interface GradientView {
  columns: Columns
  from: number
  to: number
  /** Width of the plot in CSS pixels. */
  width: number
  /** Trainable layers in the order of the columns. */
  layers: { colour: string; marker: Marker }[]
  /** Colour of the norm of all layers together. */
  totalColour: string
  thresholdColour: string
  /** Shows the norms behind the chain as well. */
  after: boolean
  /** Says whether the threshold is one of a norm, so that it has a place on this axis. */
  threshold: boolean
  occasions: Occasion[]
}

/** Gradient norms by layer on a logarithmic axis, as a picture. */
export function gradientPicture(view: GradientView): Picture {
  const { columns, from, to, layers } = view
  const flags = columnOf('flags')
  const range = { from, to, buckets: Math.floor(view.width / 2), logarithmic: true }
  const read = (column: number, flagsColumn?: number): Reduced =>
    reduce(columns, column, { ...range, flags: flagsColumn })
  const picture: Picture = {
    from,
    to,
    left: logarithmicAxis(Infinity, -Infinity),
    lines: [],
    dots: [],
    occasions: view.occasions,
    gutter: true,
    zeros: [],
    odd: [],
    ticks: flaggedSteps(columns, flags, StepFlag.clipped, from, to),
    showSteps: true
  }
  let smallest = Infinity
  let largest = -Infinity
  const draw = (reduced: Reduced, style: Omit<Line, 'points' | 'side'>): void => {
    picture.lines.push({ ...style, points: reduced.line, side: 'left' })
    smallest = Math.min(smallest, reduced.smallest)
    largest = Math.max(largest, reduced.largest)
  }

  // The first line is drawn on top.
  if (view.threshold)
    draw(read(columnOf('threshold')), { colour: view.thresholdColour, width: 1.5, dash: [6, 4] })

  layers.forEach(({ colour, marker }, layer) => {
    const before = read(layerColumnOf(layer, 'gradientBefore'), layerColumnOf(layer, 'flags'))
    draw(before, { colour, marker, width: 1.5 })
    for (const step of before.zeros) picture.zeros.push({ step, colour, marker })
    for (const { step, oddity } of before.odd) picture.odd.push({ step, colour, oddity })
    if (view.after) draw(read(layerColumnOf(layer, 'gradientAfter')), { colour, width: 1.5, dash: [1, 3] })
  })
  draw(read(columnOf('gradientBefore')), { colour: view.totalColour, width: 1 })
  if (view.after) draw(read(columnOf('gradientAfter')), { colour: view.totalColour, width: 1, dash: [1, 3] })
  picture.left = logarithmicAxis(smallest, largest)
  return picture
}
