import type { Chart, Plugin, PointStyle } from 'chart.js'
import { drawPoint } from 'chart.js/helpers'
import type { Ink } from './ink'
import { GUTTER_STRIP, ODD_STRIP, TICK_STRIP, type Line, type Picture } from './picture'
import type { LinePoint } from './reduce'

/** Distance between two markers of one line, in CSS pixels. */
const MARKER_DISTANCE = 112
/** Shift of the markers from one line to the next, so that they do not stand above each other. */
const MARKER_SHIFT = 37

/** What the plugin draws besides the lines; it is asked at every draw. */
export interface Scene {
  picture: Picture
  ink: Ink
}

/** Draws what chart.js has no word for: gutter, occasions, ticks of steps, odd values, markers and dots. */
export const marksPlugin = (scene: () => Scene | undefined): Plugin<'line'> => ({
  id: 'marks',
  beforeDatasetsDraw: (chart) => withScene(chart, scene(), drawBehind),
  afterDatasetsDraw: (chart) => withScene(chart, scene(), drawInFront)
})

function withScene(
  chart: Chart<'line'>,
  scene: Scene | undefined,
  draw: (pen: CanvasRenderingContext2D, chart: Chart<'line'>, scene: Scene) => void
): void {
  if (!scene) return
  chart.ctx.save()
  draw(chart.ctx, chart, scene)
  chart.ctx.restore()
}

function drawBehind(pen: CanvasRenderingContext2D, chart: Chart<'line'>, { picture, ink }: Scene): void {
  const { left, right, bottom } = chart.chartArea
  pen.font = `11px ${fontOf(chart)}`
  if (picture.gutter) {
    const top = bottom - TICK_STRIP - GUTTER_STRIP
    pen.fillStyle = ink.grid
    pen.fillRect(left, top, right - left, GUTTER_STRIP)
    pen.fillStyle = ink.faint
    pen.textAlign = 'right'
    pen.textBaseline = 'middle'
    pen.fillText('0', left - 6, top + GUTTER_STRIP / 2)
  }
  drawOccasions(pen, chart, { picture, ink })
}

function drawOccasions(pen: CanvasRenderingContext2D, chart: Chart<'line'>, { picture, ink }: Scene): void {
  const { top, bottom, left, right } = chart.chartArea
  const y = top + 7 + (picture.odd.length > 0 ? ODD_STRIP : 0)
  let free = -Infinity
  for (const { step, text, tone } of picture.occasions) {
    const x = Math.round(stepPixel(chart, step)) + 0.5
    pen.strokeStyle = tone === 'quiet' ? ink.grid : ink[tone]
    pen.lineWidth = 1
    pen.setLineDash(tone === 'trouble' ? [] : [2, 2])
    pen.beginPath()
    pen.moveTo(x, top)
    pen.lineTo(x, bottom)
    pen.stroke()
    const { width } = pen.measureText(text)
    const start = x + 4 + width <= right ? x + 4 : Math.max(x - 4 - width, left)
    if (!text || start < free) continue
    free = start + width + 8
    pen.fillStyle = ink.surface
    pen.fillRect(start - 1, y - 6, width + 2, 12)
    pen.fillStyle = tone === 'quiet' ? ink.faint : ink[tone]
    pen.textAlign = 'left'
    pen.textBaseline = 'middle'
    pen.fillText(text, start, y)
  }
  pen.setLineDash([])
}

function drawInFront(pen: CanvasRenderingContext2D, chart: Chart<'line'>, { picture, ink }: Scene): void {
  const { top, bottom } = chart.chartArea
  drawTicks(pen, chart, picture.ticks, ink)
  picture.lines.forEach((line, index) => drawMarkers(pen, chart, line, index, ink))
  for (const { x, y, colour, marker, side } of picture.dots) {
    const height = chart.scales[side].getPixelForValue(y)
    drawShape(pen, stepPixel(chart, x), height, marker, colour, ink.surface, 4)
  }
  const gutter = bottom - TICK_STRIP - GUTTER_STRIP / 2
  apart(picture.zeros, chart, ({ colour, marker }, x) =>
    drawShape(pen, x, gutter, marker, colour, ink.surface, 3)
  )
  // NaN is a full triangle, infinity an empty one, an overflow an empty one with a bar above.
  apart(picture.odd, chart, ({ colour, oddity }, x) => {
    const y = top + ODD_STRIP / 2 + 1
    drawShape(pen, x, y, 'triangle', colour, oddity === 'nan' ? colour : ink.surface, 4)
    if (oddity !== 'overflow') return
    pen.fillStyle = colour
    pen.fillRect(x - 4, y - 7, 8, 1.5)
  })
}

function drawTicks(pen: CanvasRenderingContext2D, chart: Chart<'line'>, steps: number[], ink: Ink): void {
  const { bottom } = chart.chartArea
  pen.fillStyle = ink.faint
  let last = -Infinity
  for (const step of steps) {
    const x = Math.round(stepPixel(chart, step))
    if (x === last) continue
    last = x
    pen.fillRect(x, bottom - TICK_STRIP + 1, 1, TICK_STRIP - 2)
  }
}

function drawMarkers(
  pen: CanvasRenderingContext2D,
  chart: Chart<'line'>,
  { points, marker, colour, side }: Line,
  index: number,
  ink: Ink
): void {
  if (!marker || points.length === 0) return
  const { left, right } = chart.chartArea
  const offset = 24 + ((index * MARKER_SHIFT) % MARKER_DISTANCE)
  for (let x = left + offset; x < right; x += MARKER_DISTANCE) {
    const point = points[nearest(points, chart.scales.x.getValueForPixel(x) ?? 0)]
    const pixel = stepPixel(chart, point.x)
    if (point.y === null || Math.abs(pixel - x) > MARKER_DISTANCE / 2) continue
    drawShape(pen, pixel, chart.scales[side].getPixelForValue(point.y), marker, colour, ink.surface, 3.5)
  }
}

function drawShape(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  shape: PointStyle,
  colour: string,
  fill: string,
  radius: number
): void {
  pen.strokeStyle = colour
  pen.fillStyle = fill
  drawPoint(pen, { pointStyle: shape, radius, borderWidth: 1.5 }, x, y)
}

/** Calls back for each mark that does not stand on the same pixel as the one before it in the same colour. */
function apart<Mark extends { step: number; colour: string }>(
  marks: Mark[],
  chart: Chart<'line'>,
  draw: (mark: Mark, x: number) => void
): void {
  const last = new Map<string, number>()
  for (const mark of marks) {
    const x = Math.round(stepPixel(chart, mark.step))
    if (Math.abs(x - (last.get(mark.colour) ?? -Infinity)) < 3) continue
    last.set(mark.colour, x)
    draw(mark, x)
  }
}

const stepPixel = (chart: Chart<'line'>, step: number): number => chart.scales.x.getPixelForValue(step)

const fontOf = (chart: Chart<'line'>): string => getComputedStyle(chart.canvas).fontFamily

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
