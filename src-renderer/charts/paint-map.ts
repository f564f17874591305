import { levelColour } from './diverging'
import { drawFindings, spread, type FindingMark, type Placement } from './finding-marks'
import type { Ink } from './ink'
import type { Shade, Stretch } from './map-picture'
import { drawOddity } from './marks'
import { paintSteps, STEPS_HEIGHT } from './paint-picture'
import { cutMiddle, type Box, type Pen, type Place } from './pen'
import { AXIS_WIDTH, type Occasion, type PlotArea, type Size } from './picture'

/** What is painted: the steps in view, layers in their order, what happened, and what was found. */
export interface MapPainting {
  from: number
  to: number
  layers: { name: string; colour: string; stretches: Stretch[] }[]
  occasions: Occasion[]
  /** Those about a layer stand in its row. */
  findings: readonly FindingMark[]
  dark: boolean
  /** Row under the pointer. */
  row?: number
}

/** Rows lower than this, in CSS pixels, have no room for a name. */
const NAME_HEIGHT = 10
const NAME_SIZE = 10
/** Room between a name and its row, with the layer's colour. */
const NAME_GAP = 8
/** What is not finite is never narrower than this. */
const ODD_WIDTH = 3
const GLYPHS_APART = 12
const HATCH = 5

/** Draws the layers × time map, first layer on top; answers with the place of its cells and marks. */
export function paintMap(pen: Pen, map: MapPainting, ink: Ink, { width, height }: Size): Placement {
  const area = { left: AXIS_WIDTH, right: width - AXIS_WIDTH, top: 4, bottom: height - STEPS_HEIGHT }
  const { from, to, layers } = map
  const perStep = (area.right - area.left) / Math.max(to - from, 1)
  const x = (step: number): number => area.left + (step - from) * perStep
  const rowHeight = (area.bottom - area.top) / Math.max(layers.length, 1)
  const gap = rowHeight >= 6 ? 1 : 0
  const boxes = new Map<Shade, Box[]>()
  layers.forEach(({ stretches }, row) => {
    for (const { from: first, to: last, shade } of stretches) {
      const left = Math.max(x(first - 0.5), area.left)
      const wide = Math.min(x(last + 0.5), area.right) - left
      const box = {
        x: left,
        y: area.top + row * rowHeight,
        width: isOdd(shade) ? Math.max(wide, ODD_WIDTH) : wide,
        height: rowHeight - gap
      }
      const same = boxes.get(shade)
      if (same) same.push(box)
      else boxes.set(shade, [box])
    }
  })
  pen.within(area, () => {
    for (const [shade, same] of boxes) if (!isOdd(shade)) paintShade(pen, shade, same, ink, map.dark)
    // What is not finite lies above its neighbours.
    for (const [shade, same] of boxes) if (isOdd(shade)) paintOdd(pen, shade, same, ink)
    for (const { step, tone } of map.occasions)
      if (tone !== 'quiet') paintOccasion(pen, x(step), area, ink[tone], tone === 'trouble')
  })
  paintNames(pen, map, area, rowHeight, ink)
  paintSteps(pen, map, area, ink)
  const marks = spread(
    map.findings
      .filter(({ step }) => step >= from && step <= to)
      .map(({ step, layer, ...mark }) => ({
        ...mark,
        x: x(step),
        y: layer === undefined ? area.top : area.top + (layer + 0.5) * rowHeight
      })),
    area
  )
  drawFindings(pen, marks, ink)
  return { ...area, marks }
}

const isOdd = (shade: Shade): shade is 'nan' | 'infinity' | 'overflow' =>
  shade === 'nan' || shade === 'infinity' || shade === 'overflow'

/** Draws cells of one shade; a zero is hatched. */
export function paintShade(pen: Pen, shade: number | 'zero', boxes: Box[], ink: Ink, dark: boolean): void {
  if (shade !== 'zero') return pen.boxes(boxes, levelColour(shade, dark))
  pen.boxes(boxes, ink.surface)
  pen.line(boxes.flatMap(hatch), { colour: ink.faint, width: 1 })
}

/** Draws cells that are not finite: dark, with the glyph of what they are. */
export function paintOdd(pen: Pen, shade: 'nan' | 'infinity' | 'overflow', boxes: Box[], ink: Ink): void {
  pen.boxes(boxes, ink.text)
  const last = new Map<number, number>()
  for (const { x, y, width, height } of boxes) {
    const centre = x + width / 2
    if (height < NAME_HEIGHT || centre - (last.get(y) ?? -Infinity) < GLYPHS_APART) continue
    last.set(y, centre)
    const at = { x: centre, y: y + height / 2 }
    pen.boxes([{ x: at.x - 6, y: at.y - 7, width: 12, height: 13 }], ink.text)
    drawOddity(pen, shade, at, ink.surface, ink.text)
  }
}

/** Diagonal lines of a box, at the same distance from each other in every box. */
function hatch({ x, y, width, height }: Box): (Place | null)[] {
  const lines: (Place | null)[] = []
  for (let sum = Math.ceil((x + y) / HATCH) * HATCH; sum < x + width + y + height; sum += HATCH) {
    const left = Math.max(x, sum - y - height)
    const right = Math.min(x + width, sum - y)
    if (left < right) lines.push({ x: left, y: sum - left }, { x: right, y: sum - right }, null)
  }
  return lines
}

function paintOccasion(pen: Pen, x: number, area: PlotArea, colour: string, solid: boolean): void {
  const places = [
    { x, y: area.top },
    { x, y: area.bottom }
  ]
  pen.line(places, { colour, width: 1, ...(!solid && { dash: [2, 2] }) })
}

function paintNames(
  pen: Pen,
  { layers, row }: MapPainting,
  area: PlotArea,
  rowHeight: number,
  ink: Ink
): void {
  const stride = Math.ceil(NAME_HEIGHT / rowHeight)
  layers.forEach(({ name, colour: ownColour }, index) => {
    const top = area.top + index * rowHeight
    pen.boxes([{ x: area.left - 5, y: top, width: 3, height: Math.max(rowHeight - 1, 1) }], ownColour)
    if (index % stride !== 0 && index !== row) return
    const y = area.top + (index + 0.5) * rowHeight - 0.5
    const text = cutMiddle(pen, name, AXIS_WIDTH - NAME_GAP - 1, NAME_SIZE)
    const colour = index === row ? ink.text : ink.faint
    pen.write(
      text,
      { x: area.left - NAME_GAP, y },
      { colour, align: 'right', size: NAME_SIZE, bold: index === row }
    )
  })
}
