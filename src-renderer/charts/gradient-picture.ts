import { columnOf, layerColumnOf, StepFlag } from '#contract/step-rows'
import { logarithmicAxis } from './axis'
import { bucketsFor } from './buckets'
import type { Marker } from './colours'
import { linesOf } from './line-strokes'
import type { Line, Occasion, Picture } from './picture'
import { flaggedSteps, reduce, type Columns, type Reduced } from './reduce'

/** A trainable layer as charts show it, in the order of the columns. */
export interface LayerLook {
  colour: string
  marker: Marker
  /** Left out, because the user wants to see others. */
  hidden?: boolean
  /** Drawn pale, because the user looks for others. */
  faint?: boolean
}

/** What charts of several layers are asked for. */
export interface LayersView {
  columns: Columns
  from: number
  to: number
  /** Width of the plot in CSS pixels. */
  width: number
  layers: LayerLook[]
  smoothing: number
  occasions: Occasion[]
}

export interface GradientView extends LayersView {
  /** Colour of the norm of all layers together; none leaves it out. */
  totalColour?: string
  thresholdColour: string
  /** Shows the norms behind the chain as well. */
  after: boolean
  /** Says whether the threshold is one of a norm, so that it has a place on this axis. */
  threshold: boolean
}

/** Gradient norms by layer on a logarithmic axis, as a picture. */
export function gradientPicture(view: GradientView): Picture {
  const { columns, from, to, layers, smoothing } = view
  const drawn = layers.filter(({ hidden }) => !hidden).length + (view.totalColour === undefined ? 0 : 1)
  const buckets = bucketsFor(view.width, view.after ? 2 * drawn : drawn)
  const range = { from, to, buckets, logarithmic: true }
  const read = (column: number, flags?: number): Reduced =>
    reduce(columns, column, { ...range, flags, smoothing })
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
    ticks: flaggedSteps(columns, columnOf('flags'), StepFlag.clipped, from, to),
    showSteps: true
  }
  let smallest = Infinity
  let largest = -Infinity
  const draw = (reduced: Reduced, style: Omit<Line, 'points' | 'side'>): void => {
    picture.lines.push(...linesOf(reduced, { ...style, side: 'left' }))
    smallest = Math.min(smallest, reduced.smallest)
    largest = Math.max(largest, reduced.largest)
  }

  // The first line is drawn on top. A threshold is a setting, which is not smoothed.
  if (view.threshold)
    draw(reduce(columns, columnOf('threshold'), range), {
      colour: view.thresholdColour,
      width: 1.5,
      dash: [6, 4]
    })

  layers.forEach(({ colour, marker, hidden, faint }, layer) => {
    if (hidden) return
    const before = read(layerColumnOf(layer, 'gradientBefore'), layerColumnOf(layer, 'flags'))
    draw(before, { colour, marker, width: 1.5, faint })
    for (const step of before.zeros) picture.zeros.push({ step, colour, marker })
    for (const { step, oddity } of before.odd) picture.odd.push({ step, colour, oddity })
    if (view.after)
      draw(read(layerColumnOf(layer, 'gradientAfter')), { colour, width: 1.5, dash: [1, 3], faint })
  })
  if (view.totalColour !== undefined) {
    const style = { colour: view.totalColour, width: 1 }
    draw(read(columnOf('gradientBefore')), style)
    if (view.after) draw(read(columnOf('gradientAfter')), { ...style, dash: [1, 3] })
  }
  picture.left = logarithmicAxis(smallest, largest)
  return picture
}
