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
    let begin = 0
    let end = 0
    // What a cell holds, so that a logarithm is taken for each cell and not for each point.
    let low = Infinity
    let high = -Infinity
    let odd: Exclude<Shade, number> | undefined
    const close = (): void => {
      if (Number.isNaN(cell)) return
      const shade = odd ?? worse(levelOf(Math.log10(low), healthy), levelOf(Math.log10(high), healthy))
      const last = stretches.at(-1)
      if (last?.shade === shade && last.to + 1 >= begin) last.to = end
      else stretches.push({ from: begin, to: end, shade })
    }
    for (let point = first; point < columns.count && columns.firsts[point] <= to; point++) {
      if (track.absent?.(point)) continue
      const at = Math.floor((columns.firsts[point] - from) * scale)
      if (at !== cell) {
        close()
        cell = at
        begin = columns.firsts[point]
        low = Infinity
        high = -Infinity
        odd = undefined
      }
      end = columns.lasts[point]
      const smallest = track.smallest(point)
      const largest = track.largest(point)
      const strange = strangeAt(track, point, smallest, largest)
      if (strange) {
        if (!odd || severities[strange] > severities[odd]) odd = strange
        continue
      }
      if (smallest < low) low = smallest
      if (largest > high) high = largest
    }
    close()
    return stretches
  })
}

/** What is no number on a logarithmic scale at a point; undefined where both values are. */
function strangeAt(
  track: Track,
  point: number,
  smallest: number,
  largest: number
): Exclude<Shade, number> | undefined {
  if (!Number.isFinite(largest)) return oddityOf(largest, track.flags(point))
  return smallest <= 0 || largest <= 0 ? 'zero' : undefined
}

const severities: Record<Exclude<Shade, number>, number> = { zero: 0, overflow: 1, infinity: 2, nan: 3 }

/** The level that is farther from the healthy range. */
const worse = (a: number, b: number): number => (Math.abs(b) > Math.abs(a) ? b : a)
