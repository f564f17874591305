import type { Severity } from '#contract/health'
import type { Ink } from './ink'
import type { Pen, Place } from './pen'

/** Which colour of a chart's ink stands for a severity. */
const tones: Record<Severity, 'info' | 'warning' | 'trouble'> = {
  info: 'info',
  warning: 'warning',
  error: 'trouble',
  critical: 'trouble'
}

/** Outline of a severity's glyph around the origin, in the language of SVG paths; each has a shape of its own. */
export function severityOutline(severity: Severity, radius: number): string {
  const r = radius
  const c = Math.round(radius * 92) / 100
  const s = Math.round(radius * 41) / 100
  const outlines: Record<Severity, string> = {
    info: `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`,
    warning: `M0 ${-r}L${r} ${c}H${-r}Z`,
    error: `M0 ${-r}L${r} 0L0 ${r}L${-r} 0Z`,
    critical: `M${-s} ${-r}H${s}L${r} ${-s}V${s}L${s} ${r}H${-s}L${-r} ${s}V${-s}Z`
  }
  return outlines[severity]
}

/** What is written into a glyph, as lines around the origin for a radius of 1; null breaks them. */
const signs: Record<Severity, readonly (Place | null)[]> = {
  info: [{ x: 0, y: -0.55 }, { x: 0, y: -0.35 }, null, { x: 0, y: -0.05 }, { x: 0, y: 0.6 }],
  warning: [{ x: 0, y: -0.4 }, { x: 0, y: 0.25 }, null, { x: 0, y: 0.5 }, { x: 0, y: 0.68 }],
  error: [{ x: 0, y: -0.55 }, { x: 0, y: 0.15 }, null, { x: 0, y: 0.4 }, { x: 0, y: 0.58 }],
  critical: [{ x: -0.4, y: -0.4 }, { x: 0.4, y: 0.4 }, null, { x: -0.4, y: 0.4 }, { x: 0.4, y: -0.4 }]
}

const placeIn = (severity: Severity, radius: number, at: Place): (Place | null)[] =>
  signs[severity].map((place) => place && { x: at.x + place.x * radius, y: at.y + place.y * radius })

/** The sign in a severity's glyph around the origin, in the language of SVG paths. */
export const severitySign = (severity: Severity, radius: number): string =>
  placeIn(severity, radius, { x: 0, y: 0 })
    .map((place, index, places) =>
      place ? `${index > 0 && places[index - 1] ? 'L' : 'M'}${place.x} ${place.y}` : ''
    )
    .join('')

/** Draws a severity's glyph, filled with its colour. */
export function drawSeverity(pen: Pen, severity: Severity, at: Place, radius: number, ink: Ink): void {
  pen.shape(severity, at, radius, ink.surface, ink[tones[severity]])
  pen.line(placeIn(severity, radius, at), { colour: ink.surface, width: 1.5 })
}
