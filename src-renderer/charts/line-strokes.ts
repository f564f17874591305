import type { Line } from './picture'
import type { Reduced } from './reduce'

/** The lines of one column: raw, or smoothed in front with the raw line pale behind it. The first is drawn on top. */
export function linesOf(reduced: Reduced, style: Omit<Line, 'points'>): Line[] {
  if (!reduced.smooth) return [{ ...style, points: reduced.line }]
  return [
    { ...style, points: reduced.smooth },
    { ...style, points: reduced.line, width: 1, marker: undefined, dash: undefined, faint: true }
  ]
}

/** More points than this in one picture make it slow to draw lines that are wider than a pixel without a graphics card. */
const MANY_POINTS = 4000

/** The lines as wide as they may be: one pixel where there are very many points, which is several times faster. */
export function fitWidths(lines: Line[]): Line[] {
  const points = lines.reduce((sum, line) => sum + line.points.length, 0)
  return points <= MANY_POINTS ? lines : lines.map((line) => ({ ...line, width: Math.min(line.width, 1) }))
}
