import { levelOf } from './diverging'
import { oddityOf, type Columns, type Oddity, type Track } from './reduce'

/** What a cell of the map shows: a level of colour, or what is no number on a logarithmic scale. */
export type Shade = number | 'zero' | Oddity

/** Consecutive steps of a layer that look the same, both ends included. */
export interface Stretch {
  from: number
  to: number
  shade: Shade
}

export interface MapView {
  columns: Columns
  from: number
  to: number
  /** Cells along the time axis. */
  cells: number
  tracks: Track[]
  /** Healthy range as log10. */
  healthy: { low: number; high: number }
}

/**
 * The layers × time map: stretches of equal shade for each layer. A cell that stands for several steps shows the
 * worst of them: what is not finite, then a zero, then what is farthest from the healthy range.
 */
export function mapStretches({ columns, from, to, cells, tracks, healthy }: MapView): Stretch[][] {
  const scale = cells / Math.max(to - from + 1, 1)
  const first = Math.max(columns.find(from), 0)
  return tracks.map((track) => {
    const stretches: Stretch[] = []
    let cell = NaN
    let open: Stretch | undefined
    const close = (): void => {
      const last = stretches.at(-1)
      if (open && last?.shade === open.shade && last.to + 1 >= open.from) last.to = open.to
      else if (open) stretches.push(open)
    }
    for (let point = first; point < columns.count && columns.firsts[point] <= to; point++) {
      if (track.absent?.(point)) continue
      const shade = shadeAt(track, point, healthy)
      const at = Math.floor((columns.firsts[point] - from) * scale)
      if (open && at === cell) {
        open.shade = worse(open.shade, shade)
        open.to = columns.lasts[point]
        continue
      }
      close()
      cell = at
      open = { from: columns.firsts[point], to: columns.lasts[point], shade }
    }
    close()
    return stretches
  })
}

function shadeAt(track: Track, point: number, healthy: MapView['healthy']): Shade {
  const largest = track.largest(point)
  if (!Number.isFinite(largest)) return oddityOf(largest, track.flags(point))
  const smallest = track.smallest(point)
  if (smallest <= 0 || largest <= 0) return 'zero'
  return worse(levelOf(Math.log10(smallest), healthy), levelOf(Math.log10(largest), healthy))
}

const severities: Record<Exclude<Shade, number>, number> = {
  zero: 100,
  overflow: 101,
  infinity: 102,
  nan: 103
}
const severityOf = (shade: Shade): number => (typeof shade === 'number' ? Math.abs(shade) : severities[shade])

const worse = (a: Shade, b: Shade): Shade => (severityOf(b) > severityOf(a) ? b : a)
