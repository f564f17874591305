import { linearAxis, type Axis } from '../../charts/axis'
import type { Ink } from '../../charts/ink'
import type { Pen, Place } from '../../charts/pen'
import type { PlotArea, Size } from '../../charts/picture'

const LEFT = 52
const BOTTOM = 36
const EDGE = 12
/** A point is found within this distance, in CSS pixels. */
const REACH = 16

/** Pairs of true and predicted numbers, in the same units. */
export interface Pairs {
  actual: ArrayLike<number>
  predicted: ArrayLike<number>
}

/** A square plot with one axis for both numbers. */
export interface ScatterScale {
  area: PlotArea
  axis: Axis
  /** Where a pair lies, in CSS pixels. */
  place(actual: number, predicted: number): Place
}

/** The scale of a scatter that keeps within a size. */
export function scatterScale({ actual, predicted }: Pairs, { width, height }: Size): ScatterScale {
  const side = Math.max(40, Math.min(width - LEFT - EDGE, height - BOTTOM - EDGE))
  const area = { left: LEFT, right: LEFT + side, top: EDGE, bottom: EDGE + side }
  const numbers = [...Array.from(actual), ...Array.from(predicted)].filter(Number.isFinite)
  const axis = linearAxis(
    numbers.reduce((low, each) => Math.min(low, each), Infinity),
    numbers.reduce((high, each) => Math.max(high, each), -Infinity)
  )
  const share = (value: number): number => (value - axis.low) / (axis.high - axis.low)
  return {
    area,
    axis,
    place: (x, y) => ({ x: area.left + share(x) * side, y: area.bottom - share(y) * side })
  }
}

/** The pair that is nearest to a place, if one is near. */
export function nearestPair(
  { actual, predicted }: Pairs,
  scale: ScatterScale,
  at: Place
): number | undefined {
  let found: number | undefined
  let least = REACH
  for (let pair = 0; pair < actual.length; pair++) {
    const { x, y } = scale.place(actual[pair], predicted[pair])
    const distance = Math.hypot(x - at.x, y - at.y)
    if (distance < least) [found, least] = [pair, distance]
  }
  return found
}

/** Draws predicted against true numbers: on the dashed line, prediction is truth. Answers with the place of the plot. */
export function paintScatter(
  pen: Pen,
  pairs: Pairs,
  texts: { actual: string; predicted: string },
  chosen: number | undefined,
  ink: Ink,
  size: Size
): PlotArea {
  const { area, axis, place } = scatterScale(pairs, size)
  for (const { value, text } of axis.ticks) {
    const across = place(axis.low, value)
    const up = place(value, axis.low)
    const grid = { colour: ink.grid, width: 1 }
    pen.line([across, place(axis.high, value)], grid)
    pen.line([up, place(value, axis.high)], grid)
    pen.write(text, { x: across.x - 6, y: across.y }, { colour: ink.faint, align: 'right' })
    pen.write(text, { x: up.x, y: up.y + 10 }, { colour: ink.faint, align: 'centre' })
  }
  pen.line([place(axis.low, axis.low), place(axis.high, axis.high)], {
    colour: ink.soft,
    width: 1,
    dash: [4, 3]
  })
  const below = { x: (area.left + area.right) / 2, y: area.bottom + 26 }
  pen.write(`${texts.actual} →`, below, { colour: ink.soft, align: 'centre' })
  pen.write(`↑ ${texts.predicted}`, { x: area.left + 4, y: area.top + 4 }, { colour: ink.soft })
  const places = Array.from(pairs.actual, (actual, pair) => place(actual, pairs.predicted[pair]))
  pen.boxes(
    places.map(({ x, y }) => ({ x: x - 1.5, y: y - 1.5, width: 3, height: 3 })),
    ink.change,
    0.6
  )
  if (chosen !== undefined && places[chosen]) pen.shape('circle', places[chosen], 5, ink.second, ink.surface)
  return area
}
