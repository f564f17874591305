import type { Columns, Track } from './reduce'

/** A column of a file: its heading and its values. */
export interface CsvColumn {
  name: string
  track: Track
}

/**
 * Values of a range as comma-separated text with a heading, one row for each point. Where points stand for several
 * steps, rows give the first and last of them, and each column its smallest and largest value. NaN, Infinity and
 * nothing at all are written as they are.
 */
export function writeCsv(
  columns: Columns,
  { from, to }: { from: number; to: number },
  of: CsvColumn[]
): string {
  const points: number[] = []
  for (let point = Math.max(columns.find(from), 0); point < columns.count; point++) {
    if (columns.firsts[point] > to) break
    if (columns.lasts[point] >= from) points.push(point)
  }
  const single = points.every((point) => columns.firsts[point] === columns.lasts[point])
  const heading = single
    ? ['step', ...of.map(({ name }) => name)]
    : ['first step', 'last step', ...of.flatMap(({ name }) => [`${name} (smallest)`, `${name} (largest)`])]
  const rows = points.map((point) => {
    const cell = (track: Track, end: 'smallest' | 'largest'): string =>
      track.absent?.(point) ? '' : writeExactly(track[end](point))
    return single
      ? [columns.firsts[point], ...of.map(({ track }) => cell(track, 'largest'))]
      : [
          columns.firsts[point],
          columns.lasts[point],
          ...of.flatMap(({ track }) => [cell(track, 'smallest'), cell(track, 'largest')])
        ]
  })
  return writeRows(heading, rows)
}

/** Rows below a heading as comma-separated text. */
export const writeRows = (heading: string[], rows: (string | number)[][]): string =>
  [heading.map(quote), ...rows].map((row) => `${row.join(',')}\n`).join('')

/** A column of a run as a track. */
export const columnTrack = (columns: Columns, column: number): Track => ({
  absent: () => column >= columns.width,
  smallest: (point) => columns.minima[column][point],
  largest: (point) => columns.maxima[column][point],
  flags: () => 0
})

/** A number with every digit that a 32-bit number has. */
const writeExactly = (value: number): string => String(Number(value.toPrecision(9)))

const quote = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
