import { severities, type Severity } from '#contract/health'
import type { Marker } from './colours'
import type { PlotArea } from './picture'
import { severityOutline } from './severity'

/** A place in CSS pixels. */
export interface Place {
  x: number
  y: number
}

export interface Box extends Place {
  width: number
  height: number
}

export interface Stroke {
  colour: string
  width: number
  dash?: number[]
  /** 0 to 1; 1 when left out. */
  opacity?: number
}

export interface Writing {
  colour: string
  align?: 'left' | 'right' | 'centre'
  /** CSS pixels; 11 when left out. */
  size?: number
  bold?: boolean
}

/** A shape that a pen knows: the marker of a line, or the glyph of a severity. */
export type Outline = Marker | Severity

/** What a chart is drawn with: on a canvas, or into a file. Lengths are CSS pixels; texts are centred on their height. */
export interface Pen {
  /** Filled boxes of one colour. */
  boxes(boxes: readonly Box[], colour: string, opacity?: number): void
  /** A line through places; null breaks it. */
  line(places: readonly (Place | null)[], stroke: Stroke): void
  shape(outline: Outline, at: Place, radius: number, colour: string, fill: string): void
  write(text: string, at: Place, writing: Writing): void
  /** Width of a text. */
  measure(text: string, size?: number): number
  /** Draws nothing outside an area. */
  within(area: PlotArea, draw: () => void): void
}

/** Font size of texts in charts, in CSS pixels. */
export const TEXT_SIZE = 11

const isSeverity = (outline: Outline): outline is Severity =>
  (severities as readonly string[]).includes(outline)

/** Outline of a shape around the origin, in the language of SVG paths. */
export function outlineOf(outline: Outline, radius: number): string {
  if (isSeverity(outline)) return severityOutline(outline, radius)
  const r = radius
  const c = Math.round(radius * 71) / 100
  const outlines: Record<Marker, string> = {
    circle: `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`,
    triangle: `M0 ${-r}L${r} ${c}H${-r}Z`,
    rect: `M${-c} ${-c}H${c}V${c}H${-c}Z`,
    rectRot: `M0 ${-r}L${r} 0L0 ${r}L${-r} 0Z`,
    crossRot: `M${-c} ${-c}L${c} ${c}M${-c} ${c}L${c} ${-c}`,
    star: `M0 ${-r}V${r}M${-r} 0H${r}M${-c} ${-c}L${c} ${c}M${-c} ${c}L${c} ${-c}`
  }
  return outlines[outline]
}

/** The text, cut in its middle where it is wider than there is room, so that a number at its end stays. */
export function cutMiddle(pen: Pen, text: string, width: number, size = TEXT_SIZE): string {
  if (pen.measure(text, size) <= width) return text
  for (let kept = text.length - 1; kept > 2; kept--) {
    const tail = Math.min(3, kept - 1)
    const shorter = `${text.slice(0, kept - tail)}…${text.slice(-tail)}`
    if (pen.measure(shorter, size) <= width) return shorter
  }
  return text.slice(-2)
}

/** The text, cut with an ellipsis where it is wider than there is room. */
export function cut(pen: Pen, text: string, width: number, size = TEXT_SIZE): string {
  if (pen.measure(text, size) <= width) return text
  let length = text.length
  while (length > 1 && pen.measure(`${text.slice(0, length)}…`, size) > width) length--
  return `${text.slice(0, length)}…`
}
