import { crc32, deflateRawSync } from 'node:zlib'

/*
 * Rows of 32-bit numbers, numbered from 1, that only grow. Whole chunks go into one file: a header, smallest and
 * largest value of each column (so that a long history is drawn without reading it), and the rows, compressed.
 * The rows of the unfinished chunk stand raw in a second file, the tail. Little-endian throughout.
 *
 * chunk: 'SGR1' | checksum of the rest | width | first row's number | row count | payload bytes |
 *        width minima | width maxima | payload (raw deflate of the rows)
 * tail:  'SGT1' | width | first row's number | rows
 */
export const CHUNK_ROWS = 1024
export const CHUNK_MAGIC = 0x31524753
export const TAIL_MAGIC = 0x31544753
export const CHUNK_HEADER_BYTES = 24
export const TAIL_HEADER_BYTES = 12

/** Where rows are kept. */
export interface RowFiles {
  chunks: string
  tail: string
  /** Columns that hold bits: in a summary they are joined, not compared. */
  bits: readonly number[]
}

/** Smallest and largest value of each column over some rows; NaN counts as the largest, bits are joined. */
export interface RowSummary {
  first: number
  minima: Float32Array
  maxima: Float32Array
}

/** Adds a row to a summary in place. */
export function include(
  summary: RowSummary,
  minima: Float32Array,
  maxima: Float32Array,
  bits: readonly number[]
): void {
  const joined = bits.map((column) => summary.maxima[column] | maxima[column])
  for (let column = 0; column < minima.length; column++) {
    // A comparison with NaN is false. In the maxima a NaN stays once it is there; in the minima it stands only
    // while there is nothing else, so that a reader sees both that there was one and how low the numbers went.
    if (minima[column] < summary.minima[column] || Number.isNaN(summary.minima[column]))
      summary.minima[column] = minima[column]
    if (maxima[column] > summary.maxima[column] || Number.isNaN(maxima[column]))
      summary.maxima[column] = maxima[column]
  }
  bits.forEach((column, index) => {
    summary.minima[column] = joined[index]
    summary.maxima[column] = joined[index]
  })
}

export function summarize(
  rows: Float32Array,
  width: number,
  first: number,
  bits: readonly number[]
): RowSummary {
  const summary = { first, minima: rows.slice(0, width), maxima: rows.slice(0, width) }
  for (let at = width; at < rows.length; at += width) {
    const row = rows.subarray(at, at + width)
    include(summary, row, row, bits)
  }
  return summary
}

/** The bytes of one chunk. */
export function encodeChunk(
  rows: Float32Array,
  width: number,
  first: number,
  bits: readonly number[]
): Uint8Array {
  const payload = deflateRawSync(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength), { level: 1 })
  const { minima, maxima } = summarize(rows, width, first, bits)
  const summaryBytes = width * 8
  const bytes = new Uint8Array(CHUNK_HEADER_BYTES + summaryBytes + payload.byteLength)
  const view = new DataView(bytes.buffer)
  ;[CHUNK_MAGIC, 0, width, first, rows.length / width, payload.byteLength].forEach((value, index) =>
    view.setUint32(index * 4, value, true)
  )
  bytes.set(new Uint8Array(minima.buffer), CHUNK_HEADER_BYTES)
  bytes.set(new Uint8Array(maxima.buffer), CHUNK_HEADER_BYTES + width * 4)
  bytes.set(payload, CHUNK_HEADER_BYTES + summaryBytes)
  view.setUint32(4, crc32(bytes.subarray(8)), true)
  return bytes
}

/** One chunk of a file, without its rows. */
export interface Chunk extends RowSummary {
  width: number
  count: number
  offset: number
  bytes: number
}

/** Number of the first row behind some chunks. */
export const afterChunks = (chunks: readonly Chunk[]): number => {
  const last = chunks.at(-1)
  return last ? last.first + last.count : 1
}
