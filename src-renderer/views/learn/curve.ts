import { logarithmicAxis } from '../../charts/axis'
import type { Marker } from '../../charts/colours'
import { writeRows } from '../../charts/csv'
import type { Picture } from '../../charts/picture'

/** Norms of a cell by layer, the first layer first, with its looks. */
export interface CurveLine {
  name: string
  norms: readonly number[]
  colour: string
  marker: Marker
  dash: number[]
}

/** Gradient norms by layer, on a logarithmic axis; zeros and what is not finite have places of their own. */
export function curvePicture(
  lines: readonly CurveLine[],
  { from, to }: { from: number; to: number }
): Picture {
  const logarithms = lines.map(({ norms }) => norms.map((norm) => (norm > 0 ? Math.log10(norm) : NaN)))
  const shown = logarithms.flat().filter(Number.isFinite)
  return {
    from,
    to,
    left: logarithmicAxis(Math.min(...shown), Math.max(...shown)),
    lines: lines.map(({ colour, dash }, line) => ({
      colour,
      dash,
      width: 1.5,
      side: 'left',
      points: logarithms[line].map((y, layer) => ({ x: layer + 1, y: Number.isFinite(y) ? y : null }))
    })),
    dots: lines.flatMap(({ colour, marker }, line) =>
      logarithms[line].flatMap((y, layer) =>
        Number.isFinite(y) ? [{ x: layer + 1, y, colour, marker, side: 'left' as const }] : []
      )
    ),
    occasions: [],
    gutter: true,
    zeros: lines.flatMap(({ norms, colour, marker }) =>
      norms.flatMap((norm, layer) => (norm === 0 ? [{ step: layer + 1, colour, marker }] : []))
    ),
    odd: lines.flatMap(({ norms, colour }) =>
      norms.flatMap((norm, layer) =>
        Number.isFinite(norm)
          ? []
          : [
              {
                step: layer + 1,
                colour,
                oddity: Number.isNaN(norm) ? ('nan' as const) : ('infinity' as const)
              }
            ]
      )
    ),
    ticks: [],
    showSteps: true
  }
}

/** The same numbers as comma-separated text, one row for each layer. */
export const curveCsv = (lines: readonly CurveLine[]): string =>
  writeRows(
    ['layer', ...lines.map(({ name }) => name)],
    Array.from({ length: longest(lines) }, (_, layer) => [
      layer + 1,
      ...lines.map(({ norms }) => (layer < norms.length ? String(norms[layer]) : ''))
    ])
  )

/** Layers of the deepest line. */
export const longest = (lines: readonly CurveLine[]): number =>
  Math.max(1, ...lines.map(({ norms }) => norms.length))
