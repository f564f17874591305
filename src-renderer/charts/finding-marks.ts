import type { Severity } from '#contract/health'
import type { Ink } from './ink'
import type { Scales } from './marks'
import type { Pen, Place } from './pen'
import type { Picture, PlotArea } from './picture'
import { drawSeverity } from './severity'

/** Something that was found, as a chart marks it: when, how bad, and about which layer. */
export interface FindingMark {
  key: string
  step: number
  severity: Severity
  /** The sentence. */
  label: string
  /** Place of the layer among the trainable ones; absent where the whole model is meant. */
  layer?: number
  /** Says that the user looks at this one. */
  chosen: boolean
}

/** A mark with its height on the left axis; one without stands at the top. */
export interface HighMark extends FindingMark {
  height?: number
}

/** A mark with its place on the canvas, in CSS pixels. */
export interface PlacedMark extends Omit<FindingMark, 'step' | 'layer'>, Place {}

/** Where the plot lies, and where its marks do. */
export interface Placement extends PlotArea {
  marks?: readonly PlacedMark[]
}

/** Radius of a glyph in CSS pixels, */
const RADIUS = 7
/** and the nearest that two of them come. */
const APART = 15

/**
 * The picture with marks of what was found. `valueOf` reads what the line of a mark has at its step: what is no number
 * there leaves the mark at the top, and a zero of a logarithmic axis at the bottom.
 */
export function withFindings(
  picture: Picture,
  marks: readonly FindingMark[],
  valueOf: (mark: FindingMark) => number,
  logarithmic: boolean
): Picture {
  const findings = marks.map((mark): HighMark => {
    const value = valueOf(mark)
    const height = logarithmic ? Math.log10(Math.max(value, 0)) : value
    return Number.isNaN(height) || height === Infinity ? mark : { ...mark, height }
  })
  return { ...picture, findings }
}

/** Places marks in a plot of these scales; those outside of it are left out, and none covers another. */
export const placeFindings = ({ findings = [], from, to }: Picture, { area, x, y }: Scales): PlacedMark[] =>
  spread(
    findings
      .filter(({ step }) => step >= from && step <= to)
      .map(({ step, height, ...mark }) => ({
        ...mark,
        x: x(step),
        y: height === undefined ? area.top : y('left', height)
      })),
    area
  )

/** Moves marks into an area, those that would cover another below it, and above where there is no room. */
export function spread(
  marks: readonly (PlacedMark & Pick<FindingMark, 'layer'>)[],
  { left, right, top, bottom }: PlotArea
): PlacedMark[] {
  const placed: PlacedMark[] = []
  for (const { key, severity, label, chosen, ...place } of marks) {
    const x = Math.min(Math.max(place.x, left + RADIUS), right - RADIUS)
    const isFree = (y: number): boolean =>
      placed.every((other) => Math.abs(other.x - x) >= APART || Math.abs(other.y - y) >= APART)
    const first = Math.min(Math.max(place.y, top + RADIUS + 1), bottom - RADIUS - 1)
    let y = first
    while (!isFree(y) && y + APART < bottom) y += APART
    if (!isFree(y)) y = first
    while (!isFree(y) && y - APART > top) y -= APART
    placed.push({ key, severity, label, chosen, x: Math.round(x), y: Math.round(y) })
  }
  return placed
}

/** Draws marks of what was found; the chosen one is ringed. */
export function drawFindings(pen: Pen, marks: readonly PlacedMark[], ink: Ink): void {
  for (const { severity, chosen, ...at } of marks) {
    if (chosen) pen.shape('circle', at, RADIUS + 4, ink.change, ink.surface)
    drawSeverity(pen, severity, at, RADIUS, ink)
  }
}

/** Says whether two placements are the same, so that nothing need be laid out anew. */
export function isSamePlacement(a: Placement, b: Placement): boolean {
  const [these, those] = [a.marks ?? [], b.marks ?? []]
  return (
    a.left === b.left &&
    a.right === b.right &&
    a.top === b.top &&
    a.bottom === b.bottom &&
    these.length === those.length &&
    these.every(
      ({ key, x, y, severity, label, chosen }, index) =>
        key === those[index].key &&
        x === those[index].x &&
        y === those[index].y &&
        severity === those[index].severity &&
        label === those[index].label &&
        chosen === those[index].chosen
    )
  )
}
