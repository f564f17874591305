import type { Axis } from './axis'
import type { Line } from './picture'
import type { LinePoint, Reduced } from './reduce'

/** The lines of one column: raw, or smoothed in front with the raw line pale behind it. The first is drawn on top. */
export function linesOf(reduced: Reduced, style: Omit<Line, 'points'>): Line[] {
  if (!reduced.smooth) return [{ ...style, points: reduced.line }]
  return [
    { ...style, points: reduced.smooth },
    { ...style, points: reduced.line, width: 1, marker: undefined, dash: undefined, faint: true }
  ]
}

/** Heights of the plot that its lines may run up and down together before they are drawn fine. */
const MOST_HEIGHTS = 60

/** How a line is drawn on the screen. */
export interface Stroke {
  width: number
  dash: number[]
}

/**
 * The strokes of the lines of one picture. A line that runs up and down without end looks the same one pixel wide and
 * without dashes, and is drawn ten times faster without a graphics card.
 */
export const strokesOf = (lines: readonly Line[], axes: Record<Line['side'], Axis | undefined>): Stroke[] =>
  lines.map(({ points, side, width, dash = [] }) =>
    heightsOf(points, axes[side], MOST_HEIGHTS / lines.length) < MOST_HEIGHTS / lines.length
      ? { width, dash }
      : { width: Math.min(width, 1), dash: [] }
  )

/** How often a line runs along the whole height of its axis, up and down, counted up to a limit. */
function heightsOf(points: readonly LinePoint[], axis: Axis | undefined, limit: number): number {
  if (!axis) return 0
  const whole = limit * (axis.high - axis.low)
  let way = 0
  let before: number | null = null
  for (let index = 0; index < points.length && way < whole; index++) {
    const { y } = points[index]
    if (y !== null && before !== null) way += Math.abs(y - before)
    before = y
  }
  return way / (axis.high - axis.low)
}
