import type { Marker } from './colours'
import { drawFindings, placeFindings } from './finding-marks'
import type { Ink } from './ink'
import type { Pen } from './pen'
import { GUTTER_STRIP, ODD_STRIP, TICK_STRIP, type Line, type Picture, type PlotArea } from './picture'
import type { LinePoint, Oddity } from './reduce'

/** Distance between two markers of one line, in CSS pixels. */
const MARKER_DISTANCE = 112
/** Shift of the markers from one line to the next, so that they do not stand above each other. */
const MARKER_SHIFT = 37
/** Marks of one colour that stand nearer than this, in CSS pixels, are one. */
const APART = 3

/** Where steps and values lie on the screen. */
export interface Scales {
  area: PlotArea
  x(step: number): number
  y(side: 'left' | 'right', value: number): number
  /** The step at a place. */
  step(x: number): number
}

/** Draws what lies behind the lines: the healthy range, the gutter of zeros, and what happened when. */
export function drawBehind(pen: Pen, picture: Picture, ink: Ink, scales: Scales): void {
  const { left, right, top, bottom } = scales.area
  if (picture.healthy) drawHealthy(pen, picture.healthy, ink, scales)
  if (picture.gutter) {
    const y = bottom - TICK_STRIP - GUTTER_STRIP
    pen.boxes([{ x: left, y, width: right - left, height: GUTTER_STRIP }], ink.grid)
    pen.write('0', { x: left - 6, y: y + GUTTER_STRIP / 2 }, { colour: ink.faint, align: 'right' })
  }
  const y = top + 7 + (picture.odd.length > 0 ? ODD_STRIP : 0)
  let free = -Infinity
  for (const { step, text, tone } of picture.occasions) {
    if (step < picture.from || step > picture.to) continue
    const x = Math.round(scales.x(step)) + 0.5
    const colour = tone === 'quiet' ? ink.grid : ink[tone]
    pen.line(
      [
        { x, y: top },
        { x, y: bottom }
      ],
      { colour, width: 1, ...(tone !== 'trouble' && { dash: [2, 2] }) }
    )
    const width = pen.measure(text)
    const start = x + 4 + width <= right ? x + 4 : Math.max(x - 4 - width, left)
    if (!text || start < free) continue
    free = start + width + 8
    pen.boxes([{ x: start - 1, y: y - 6, width: width + 2, height: 12 }], ink.surface)
    pen.write(text, { x: start, y }, { colour: tone === 'quiet' ? ink.faint : ink[tone] })
  }
}

function drawHealthy(pen: Pen, { low, high }: { low: number; high: number }, ink: Ink, scales: Scales): void {
  const { area } = scales
  const clip = (value: number): number => Math.min(Math.max(scales.y('left', value), area.top), area.bottom)
  const [top, bottom] = [clip(high), clip(low)]
  const width = area.right - area.left
  pen.boxes([{ x: area.left, y: top, width, height: bottom - top }], ink.good, 0.12)
  for (const y of [top, bottom])
    pen.line(
      [
        { x: area.left, y },
        { x: area.right, y }
      ],
      { colour: ink.good, width: 1, dash: [1, 3] }
    )
}

/** Draws what lies in front of the lines: ticks of steps, markers, dots, zeros, what is not finite, and findings. */
export function drawInFront(pen: Pen, picture: Picture, ink: Ink, scales: Scales): void {
  const { top, bottom } = scales.area
  drawTicks(pen, picture.ticks, ink, scales)
  pen.within(scales.area, () => {
    picture.lines.forEach((line, index) => drawMarkers(pen, line, index, ink, scales))
  })
  for (const { x, y, colour, marker, side } of picture.dots)
    if (x >= picture.from && x <= picture.to)
      pen.shape(marker, { x: scales.x(x), y: scales.y(side, y) }, 4, colour, ink.surface)
  const gutter = bottom - TICK_STRIP - GUTTER_STRIP / 2
  apart(picture.zeros, scales, ({ colour, marker }, x) =>
    pen.shape(marker, { x, y: gutter }, 3, colour, ink.surface)
  )
  apart(picture.odd, scales, ({ colour, oddity }, x) =>
    drawOddity(pen, oddity, { x, y: top + ODD_STRIP / 2 + 1 }, colour, ink.surface)
  )
  drawFindings(pen, placeFindings(picture, scales), ink)
}

/** NaN is a full triangle, infinity an empty one, an overflow an empty one with a bar above. */
export function drawOddity(
  pen: Pen,
  oddity: Oddity,
  { x, y }: { x: number; y: number },
  colour: string,
  surface: string
): void {
  pen.shape('triangle', { x, y }, 4, colour, oddity === 'nan' ? colour : surface)
  if (oddity === 'overflow') pen.boxes([{ x: x - 4, y: y - 7, width: 8, height: 1.5 }], colour)
}

function drawTicks(pen: Pen, steps: number[], ink: Ink, { area, x }: Scales): void {
  let last = -Infinity
  const boxes = []
  for (const step of steps) {
    const place = Math.round(x(step))
    if (place === last || place < area.left || place > area.right) continue
    last = place
    boxes.push({ x: place, y: area.bottom - TICK_STRIP + 1, width: 1, height: TICK_STRIP - 2 })
  }
  pen.boxes(boxes, ink.faint)
}

function drawMarkers(
  pen: Pen,
  { points, marker, colour, side, faint }: Line,
  index: number,
  ink: Ink,
  scales: Scales
): void {
  if (!marker || points.length === 0 || faint) return
  const { left, right } = scales.area
  const offset = 24 + ((index * MARKER_SHIFT) % MARKER_DISTANCE)
  for (let x = left + offset; x < right; x += MARKER_DISTANCE) {
    const point = points[nearest(points, scales.step(x))]
    const pixel = scales.x(point.x)
    if (point.y === null || Math.abs(pixel - x) > MARKER_DISTANCE / 2) continue
    pen.shape(marker, { x: pixel, y: scales.y(side, point.y) }, 3.5, colour, ink.surface)
  }
}

/** Calls back for each mark that does not stand on the same place as the one before it in the same colour. */
function apart<Mark extends { step: number; colour: string; marker?: Marker }>(
  marks: Mark[],
  scales: Scales,
  draw: (mark: Mark, x: number) => void
): void {
  const last = new Map<string, number>()
  for (const mark of marks) {
    const x = Math.round(scales.x(mark.step))
    if (Math.abs(x - (last.get(mark.colour) ?? -Infinity)) < APART) continue
    last.set(mark.colour, x)
    draw(mark, x)
  }
}

function nearest(points: LinePoint[], x: number): number {
  let low = 0
  let high = points.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle].x < x) low = middle + 1
    else high = middle
  }
  return low > 0 && x - points[low - 1].x < points[low].x - x ? low - 1 : low
}
