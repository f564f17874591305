import type { Marker } from './colours'
import { canvasPen } from './canvas-pen'
import type { Drawing } from './drawing'
import type { Ink } from './ink'
import { KEY_HEIGHT } from './paint-key'
import { cut, type Pen } from './pen'
import type { Size } from './picture'
import { svgPen } from './svg-pen'

/** A line of a legend on paper. */
export interface SheetEntry {
  name: string
  value: string
  colour?: string
  dash?: number[]
  marker?: Marker
  line?: boolean
}

/** A chart as it is taken along: the drawing with heading and legend. */
export interface Sheet {
  title: string
  /** What the legend's values belong to, in words. */
  moment: string
  entries: SheetEntry[]
  drawing: Drawing
  /** What shades mean. */
  key?: Drawing
  ink: Ink
  size: Size
}

const TITLE_HEIGHT = 32
const LEGEND_WIDTH = 232
const ENTRY_HEIGHT = 16
const PNG_SCALE = 2

/** The chart as an SVG file. */
export function writeSvg(sheet: Sheet): string {
  const pen = svgPen(sheet.ink.font, plainColour())
  paintSheet(pen, sheet)
  return pen.finish(sheet.size.width, sheet.size.height)
}

/** The chart as a PNG file, twice as sharp as the screen's pixels. */
export async function writePng(sheet: Sheet): Promise<Blob> {
  const { width, height } = sheet.size
  const canvas = document.createElement('canvas')
  canvas.width = width * PNG_SCALE
  canvas.height = height * PNG_SCALE
  const context = contextOf(canvas)
  context.scale(PNG_SCALE, PNG_SCALE)
  paintSheet(canvasPen(context, sheet.ink.font), sheet)
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the canvas gave no picture'))),
      'image/png'
    )
  )
}

function paintSheet(pen: Pen, { title, moment, entries, drawing, key, ink, size }: Sheet): void {
  const { width, height } = size
  pen.boxes([{ x: 0, y: 0, width, height }], ink.surface)
  pen.write(title, { x: 12, y: TITLE_HEIGHT / 2 + 2 }, { colour: ink.text, size: 14, bold: true })
  const legend = entries.length > 0 ? LEGEND_WIDTH : 0
  const chart = { width: width - legend, height: height - TITLE_HEIGHT }
  drawing.paint(moved(pen, 0, TITLE_HEIGHT), chart, ink)

  if (!legend) return

  const left = chart.width + 8
  key?.paint(moved(pen, left, TITLE_HEIGHT), { width: LEGEND_WIDTH - 20, height: KEY_HEIGHT }, ink)
  const top = TITLE_HEIGHT + 8 + (key ? KEY_HEIGHT : 0)
  pen.write(moment, { x: left, y: top }, { colour: ink.faint })
  entries.forEach(({ name, value, colour, dash, marker, line = true }, index) => {
    const y = top + (index + 1) * ENTRY_HEIGHT
    if (colour && line)
      pen.line(
        [
          { x: left, y },
          { x: left + 20, y }
        ],
        { colour, width: 1.5, dash }
      )
    if (colour && marker) pen.shape(marker, { x: left + 10, y }, 3.5, colour, ink.surface)
    pen.write(cut(pen, name, LEGEND_WIDTH - 112), { x: left + 24, y }, { colour: ink.soft })
    pen.write(value, { x: width - 12, y }, { colour: ink.text, align: 'right' })
  })
}

/** A pen whose origin lies elsewhere. */
function moved(pen: Pen, dx: number, dy: number): Pen {
  const shift = <Thing extends { x: number; y: number }>(thing: Thing): Thing => ({
    ...thing,
    x: thing.x + dx,
    y: thing.y + dy
  })
  return {
    boxes: (boxes, ...rest) => pen.boxes(boxes.map(shift), ...rest),
    line: (places, stroke) =>
      pen.line(
        places.map((place) => place && shift(place)),
        stroke
      ),
    shape: (marker, at, ...rest) => pen.shape(marker, shift(at), ...rest),
    write: (text, at, writing) => pen.write(text, shift(at), writing),
    measure: pen.measure,
    within: ({ left, right, top, bottom }, draw) =>
      pen.within({ left: left + dx, right: right + dx, top: top + dy, bottom: bottom + dy }, draw)
  }
}

/** Puts colours into hexadecimal form, which programs for drawings know; oklch() is too young for most. */
function plainColour(): (colour: string) => string {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const context = contextOf(canvas)
  const known = new Map<string, string>()
  return (colour) => {
    const found = known.get(colour)
    if (found) return found
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = colour
    context.fillRect(0, 0, 1, 1)
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
    const plain = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
    known.set(colour, plain)
    return plain
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: canvas.width === 1 })
  if (!context) throw new Error('no canvas context')
  return context
}
