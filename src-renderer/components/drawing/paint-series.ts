import { linearAxis } from '../../charts/axis'
import type { Marker } from '../../charts/colours'
import type { Ink } from '../../charts/ink'
import type { Pen } from '../../charts/pen'
import type { PlotArea, Size } from '../../charts/picture'
import type { SeriesShape } from './pixels'

const LEFT = 44
const BOTTOM = 20
const EDGE = 8
/** Markers of a line keep this distance, and those of its neighbour stand between them. */
const MARKER_DISTANCE = 56
/** So few steps are all marked. */
const FEW_STEPS = 12

/** One feature of a series as it is drawn. */
export interface SeriesLine {
  /** Its place among the features. */
  feature: number
  colour: string
  marker: Marker
}

/** Draws a sample of [steps, features] as a line for each feature over its steps; answers with the place of the plot. */
export function paintSeries(
  pen: Pen,
  values: Float32Array,
  { steps, features }: SeriesShape,
  lines: readonly SeriesLine[],
  /** What a step is called. */
  name: string,
  ink: Ink,
  { width, height }: Size
): PlotArea {
  const area = { left: LEFT, right: width - EDGE, top: EDGE, bottom: height - BOTTOM }
  const valueAt = (step: number, feature: number): number => values[step * features + feature]
  const [low, high] = extentOf(
    lines.map(({ feature }) => feature),
    steps,
    valueAt
  )
  const axis = linearAxis(low, high)
  const x = (step: number): number =>
    area.left + (steps > 1 ? step / (steps - 1) : 0.5) * (area.right - area.left)
  const y = (value: number): number =>
    area.bottom - ((value - axis.low) / (axis.high - axis.low)) * (area.bottom - area.top)

  for (const { value, text } of axis.ticks) {
    const places = [
      { x: area.left, y: y(value) },
      { x: area.right, y: y(value) }
    ]
    pen.line(places, { colour: ink.grid, width: 1 })
    pen.write(text, { x: area.left - 6, y: y(value) }, { colour: ink.faint, align: 'right' })
  }
  const below = area.bottom + 11
  pen.write(name, { x: (area.left + area.right) / 2, y: below }, { colour: ink.faint, align: 'centre' })
  pen.write('1', { x: area.left, y: below }, { colour: ink.faint })
  pen.write(String(steps), { x: area.right, y: below }, { colour: ink.faint, align: 'right' })

  const stride =
    steps <= FEW_STEPS ? 1 : Math.ceil((MARKER_DISTANCE * (steps - 1)) / (area.right - area.left))
  lines.toReversed().forEach(({ feature, colour, marker }) => {
    const placeOf = (step: number): { x: number; y: number } | null => {
      const value = valueAt(step, feature)
      return Number.isFinite(value) ? { x: x(step), y: y(value) } : null
    }
    pen.line(
      Array.from({ length: steps }, (_, step) => placeOf(step)),
      { colour, width: 1.5 }
    )
    for (let step = Math.floor((feature * stride) / lines.length) % stride; step < steps; step += stride) {
      const place = placeOf(step)
      if (place) pen.shape(marker, place, 3, colour, ink.surface)
    }
  })
  return area
}

/** Smallest and largest finite value of some features. */
function extentOf(
  features: readonly number[],
  steps: number,
  valueAt: (step: number, feature: number) => number
): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity]
  for (const feature of features)
    for (let step = 0; step < steps; step++) {
      const value = valueAt(step, feature)
      if (value < low && value > -Infinity) low = value
      if (value > high && value < Infinity) high = value
    }
  return [low, high]
}
