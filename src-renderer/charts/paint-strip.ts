import { logarithmicAxis } from './axis'
import { drawFindings, spread, type FindingMark, type Placement } from './finding-marks'
import type { Ink } from './ink'
import { drawOddity } from './marks'
import { cut, type Pen } from './pen'
import type { PlotArea, Size } from './picture'
import type { Reading } from './quantity'

/** One layer of the strip: its value now, and between which values it was in the steps in view. */
export interface StripLayer {
  name: string
  colour: string
  now: Reading
  /** As log10; the smaller is larger than the larger where there was no number. */
  smallest: number
  largest: number
  /** The value in words. */
  text: string
}

/** What is painted: layers in their order with their values at a step, and what was found. */
export interface StripPainting {
  layers: StripLayer[]
  /** The step that is shown, in words. */
  moment: string
  /** Those about a layer stand beside its value. */
  findings: readonly FindingMark[]
  /** As log10. */
  healthy: { low: number; high: number }
}

const NAMES_WIDTH = 104
const VALUES_WIDTH = 72
const AXIS_HEIGHT = 20
/** Room at the left for zeros, which have no place on the axis. */
const ZERO_WIDTH = 40
const ZERO_BAND = 20
/** Room at the right for what is not finite. */
const ODD_WIDTH = 20
const TALLEST_ROW = 26

/** Draws the strip layer × value, ordered by depth, on a logarithmic axis; answers with the place of its bars and marks. */
export function paintStrip(
  pen: Pen,
  { layers, moment, findings, healthy }: StripPainting,
  ink: Ink,
  { width, height }: Size
): Placement {
  const numbers = layers.flatMap(({ now, smallest, largest }) => [
    ...(typeof now === 'number' ? [now] : []),
    ...(smallest <= largest ? [smallest, largest] : [])
  ])
  const axis = logarithmicAxis(Math.min(healthy.low - 1, ...numbers), Math.max(healthy.high + 1, ...numbers))
  const rowHeight = Math.min((height - AXIS_HEIGHT - 4) / Math.max(layers.length, 1), TALLEST_ROW)
  const area = {
    left: NAMES_WIDTH + ZERO_WIDTH,
    right: width - VALUES_WIDTH - ODD_WIDTH,
    top: 4,
    bottom: 4 + rowHeight * layers.length
  }
  const x = (value: number): number =>
    area.left + ((value - axis.low) / (axis.high - axis.low)) * (area.right - area.left)

  const box = { y: area.top, height: area.bottom - area.top }
  pen.boxes([{ ...box, x: x(healthy.low), width: x(healthy.high) - x(healthy.low) }], ink.good, 0.12)
  pen.boxes([{ ...box, x: NAMES_WIDTH, width: ZERO_BAND }], ink.grid)
  const label = { y: area.bottom + 11 }
  pen.write('0', { ...label, x: NAMES_WIDTH + ZERO_BAND / 2 }, { colour: ink.faint, align: 'centre' })
  pen.write(cut(pen, moment, NAMES_WIDTH - 4), { ...label, x: 4 }, { colour: ink.faint })
  for (const { value, text } of axis.ticks) {
    const places = [
      { x: x(value), y: area.top },
      { x: x(value), y: area.bottom }
    ]
    pen.line(places, { colour: ink.grid, width: 1 })
    pen.write(text, { ...label, x: x(value) }, { colour: ink.faint, align: 'centre' })
  }
  const stride = Math.ceil(12 / rowHeight)
  layers.forEach((layer, index) => {
    const y = area.top + (index + 0.5) * rowHeight
    paintLayer(pen, layer, y, Math.min(rowHeight - 2, 14), area, x, ink)
    if (index % stride !== 0) return
    pen.write(cut(pen, layer.name, NAMES_WIDTH - 12), { x: 4, y }, { colour: ink.soft })
    pen.write(layer.text, { x: width - 4, y }, { colour: ink.text, align: 'right' })
  })
  const marks = spread(
    findings.flatMap(({ layer, ...mark }) =>
      layer === undefined
        ? []
        : [{ ...mark, x: area.left - ZERO_WIDTH + ZERO_BAND + 10, y: area.top + (layer + 0.5) * rowHeight }]
    ),
    { ...area, left: 0 }
  )
  drawFindings(pen, marks, ink)
  return { ...area, marks }
}

function paintLayer(
  pen: Pen,
  { now, smallest, largest, colour }: StripLayer,
  y: number,
  thickness: number,
  area: PlotArea,
  x: (value: number) => number,
  ink: Ink
): void {
  if (typeof now === 'number')
    pen.boxes(
      [{ x: area.left, y: y - thickness / 2, width: Math.max(x(now) - area.left, 1), height: thickness }],
      colour,
      0.75
    )
  else if (now === 'zero')
    pen.shape('rect', { x: area.left - ZERO_WIDTH + ZERO_BAND / 2, y }, 5, colour, ink.surface)
  else if (now !== undefined) drawOddity(pen, now, { x: area.right + 10, y }, colour, ink.surface)
  if (smallest > largest) return
  const [left, right] = [x(smallest), x(largest)]
  pen.line(
    [
      { x: left, y },
      { x: right, y },
      null,
      { x: left, y: y - 3 },
      { x: left, y: y + 3 },
      null,
      { x: right, y: y - 3 },
      { x: right, y: y + 3 }
    ],
    { colour: ink.text, width: 1, opacity: 0.6 }
  )
}
