import type { Axis } from './axis'
import { linearAxis } from './axis'
import type { Ink } from './ink'
import { drawBehind, drawInFront, type Scales } from './marks'
import type { Pen } from './pen'
import { AXIS_WIDTH, bottomRoom, endsOf, FAINT, type Picture, type PlotArea, type Size } from './picture'

/** Height of the texts below the step axis, in CSS pixels. */
export const STEPS_HEIGHT = 20
/** Distance of those texts, or more. */
const STEP_DISTANCE = 80

/** Draws a picture as a whole, axes included, the way it is on the screen. */
export function paintPicture(pen: Pen, picture: Picture, ink: Ink, { width, height }: Size): void {
  const area = { left: AXIS_WIDTH, right: width - AXIS_WIDTH, top: 8, bottom: height - STEPS_HEIGHT }
  const scales = scalesOf(picture, area)
  for (const { value, text } of picture.left.ticks) {
    const y = scales.y('left', value)
    pen.line(
      [
        { x: area.left, y },
        { x: area.right, y }
      ],
      { colour: ink.grid, width: 1 }
    )
    pen.write(text, { x: area.left - 6, y }, { colour: ink.faint, align: 'right' })
  }
  for (const { value, text } of picture.right?.ticks ?? [])
    pen.write(text, { x: area.right + 6, y: scales.y('right', value) }, { colour: ink.faint })
  paintSteps(pen, picture, area, ink)
  drawBehind(pen, picture, ink, scales)
  pen.within(area, () => {
    for (const { points, colour, width: lineWidth, dash, side, faint } of picture.lines.toReversed())
      pen.line(
        points.map(({ x, y }) => (y === null ? null : { x: scales.x(x), y: scales.y(side, y) })),
        { colour, width: lineWidth, dash, ...(faint && { opacity: FAINT }) }
      )
  })
  drawInFront(pen, picture, ink, scales)
}

/** Writes the steps below a plot. */
export function paintSteps(
  pen: Pen,
  { from, to }: { from: number; to: number },
  area: PlotArea,
  ink: Ink
): void {
  const x = (step: number): number =>
    area.left + ((step - from) / Math.max(to - from, 1)) * (area.right - area.left)
  let free = -Infinity
  for (const { value } of linearAxis(from, to, String, (area.right - area.left) / STEP_DISTANCE).ticks) {
    if (value < from || value > to || !Number.isInteger(value)) continue
    const text = value.toLocaleString('en')
    const half = pen.measure(text) / 2
    if (x(value) - half < free) continue
    free = x(value) + half + 24
    pen.write(text, { x: x(value), y: area.bottom + 11 }, { colour: ink.faint, align: 'centre' })
  }
}

function scalesOf(picture: Picture, area: PlotArea): Scales {
  const { from, to } = picture
  const height = area.bottom - area.top
  const sides = {
    left: picture.left,
    right: picture.right ?? ({ low: 0, high: 1, ticks: [] } satisfies Axis)
  }
  const ends = {
    left: endsOf(sides.left, height, bottomRoom(picture)),
    right: endsOf(sides.right, height, bottomRoom(picture))
  }
  const perStep = (area.right - area.left) / Math.max(to - from, 1)
  return {
    area,
    x: (step) => area.left + (step - from) * perStep,
    y: (side, value) => {
      const { min, max } = ends[side]
      return area.bottom - ((value - min) / (max - min)) * height
    },
    step: (x) => from + (x - area.left) / perStep
  }
}
