import { open, readFile, type FileHandle } from 'node:fs/promises'
import { crc32, inflateRawSync } from 'node:zlib'
import { Failure } from '#contract/failure'
import {
  afterChunks,
  CHUNK_HEADER_BYTES,
  CHUNK_MAGIC,
  CHUNK_ROWS,
  include,
  TAIL_HEADER_BYTES,
  TAIL_MAGIC,
  type Chunk,
  type RowFiles,
  type RowSummary
} from './row-chunks'

/** Rows open for reading, as they were when they were opened. */
export interface RowReader {
  readonly width: number
  /** Number of the last row; 0 = none. */
  readonly last: number
  readonly chunks: readonly Chunk[]
  /** The rows `from` … `to`, one behind the other. */
  rows(from: number, to: number): Promise<Float32Array>
  /** The rows `from` … `to` in at most `points` summaries of equally many rows (the last may have fewer). */
  window(from: number, to: number, points: number): Promise<RowSummary[]>
  close(): Promise<void>
}

/** Opens rows for reading, also while they grow; what is damaged or torn at the end is left out. Missing = no rows. */
export async function openRows(files: RowFiles): Promise<RowReader> {
  const file = await open(files.chunks, 'r').catch(ignoreMissing)
  const chunks = file ? await readChunkHeaders(file) : []
  const tail = await readTail(files.tail, chunks)
  const width = chunks[0]?.width ?? tail.width
  const lastInChunks = afterChunks(chunks) - 1
  const last = lastInChunks + tail.rows.length / (width || 1)

  const decode = async (chunk: Chunk): Promise<Float32Array> => {
    const bytes = new Uint8Array(chunk.bytes)
    await (file as FileHandle).read(bytes, 0, chunk.bytes, chunk.offset)
    if (crc32(bytes.subarray(8)) !== new DataView(bytes.buffer).getUint32(4, true))
      throw new Failure('storage.damaged', { path: files.chunks, problem: `rows ${chunk.first}…` })
    return new Float32Array(
      new Uint8Array(inflateRawSync(bytes.subarray(CHUNK_HEADER_BYTES + width * 8))).buffer
    )
  }
  const rows = async (from: number, to: number): Promise<Float32Array> => {
    const result = new Float32Array(Math.max(0, to - from + 1) * width)
    const copy = (part: Float32Array, first: number): void => {
      const start = Math.max(from, first)
      const end = Math.min(to, first + part.length / width - 1)
      if (end >= start)
        result.set(part.subarray((start - first) * width, (end - first + 1) * width), (start - from) * width)
    }
    for (const chunk of chunks)
      if (chunk.first <= to && chunk.first + chunk.count > from) copy(await decode(chunk), chunk.first)
    copy(tail.rows, lastInChunks + 1)
    return result
  }
  const window = async (from: number, to: number, points: number): Promise<RowSummary[]> => {
    if (to < from) return []
    let size = Math.ceil((to - from + 1) / points)
    let start = from
    if (size > CHUNK_ROWS) {
      // Whole chunks have their summaries in the header: nothing is decompressed.
      start = from - ((from - 1) % CHUNK_ROWS)
      size = Math.ceil((to - start + 1) / points / CHUNK_ROWS) * CHUNK_ROWS
    }
    const buckets: RowSummary[] = []
    const add = (first: number, minima: Float32Array, maxima: Float32Array): void => {
      const index = Math.floor((first - start) / size)
      if (buckets[index]) include(buckets[index], minima, maxima, files.bits)
      else buckets[index] = { first: start + index * size, minima: minima.slice(), maxima: maxima.slice() }
    }
    const addRows = (part: Float32Array, first: number): void => {
      for (let at = 0, number = first; at < part.length; at += width, number++)
        if (number >= start && number <= to)
          add(number, part.subarray(at, at + width), part.subarray(at, at + width))
    }
    for (const chunk of chunks) {
      if (chunk.first > to || chunk.first + chunk.count <= start) continue
      if (size >= CHUNK_ROWS && chunk.first + chunk.count - 1 <= to)
        add(chunk.first, chunk.minima, chunk.maxima)
      else addRows(await decode(chunk), chunk.first)
    }
    addRows(tail.rows, lastInChunks + 1)
    return buckets
  }
  return { width, last, chunks, rows, window, close: async () => file?.close() }
}

async function readChunkHeaders(file: FileHandle): Promise<Chunk[]> {
  const { size } = await file.stat()
  const chunks: Chunk[] = []
  let next = 1
  for (let offset = 0; offset + CHUNK_HEADER_BYTES <= size;) {
    const header = new Uint32Array(CHUNK_HEADER_BYTES / 4)
    await file.read(new Uint8Array(header.buffer), 0, CHUNK_HEADER_BYTES, offset)
    const [magic, , width, first, count, payload] = header
    const bytes = CHUNK_HEADER_BYTES + width * 8 + payload
    if (magic !== CHUNK_MAGIC || first !== next || offset + bytes > size) break
    const summary = new Float32Array(width * 2)
    await file.read(new Uint8Array(summary.buffer), 0, width * 8, offset + CHUNK_HEADER_BYTES)
    chunks.push({
      width,
      first,
      count,
      offset,
      bytes,
      minima: summary.subarray(0, width),
      maxima: summary.subarray(width)
    })
    next = first + count
    offset += bytes
  }
  return chunks
}

/** The rows of the tail that no chunk holds yet. */
async function readTail(
  path: string,
  chunks: readonly Chunk[]
): Promise<{ width: number; rows: Float32Array }> {
  const bytes = await readFile(path).catch(ignoreMissing)
  const none = { width: 0, rows: new Float32Array(0) }
  if (!bytes || bytes.byteLength < TAIL_HEADER_BYTES) return none
  if (bytes.readUInt32LE(0) !== TAIL_MAGIC) return none
  const width = bytes.readUInt32LE(4)
  const first = bytes.readUInt32LE(8)
  const count = Math.floor((bytes.byteLength - TAIL_HEADER_BYTES) / 4 / width)
  const values = bytes.subarray(TAIL_HEADER_BYTES, TAIL_HEADER_BYTES + count * width * 4)
  const rows = new Float32Array(new Uint8Array(values).buffer)
  const next = afterChunks(chunks)
  // A tail that begins later than the chunks end belongs to a chunk that was lost: its rows cannot be placed.
  return first > next
    ? { width, rows: new Float32Array(0) }
    : { width, rows: rows.subarray((next - first) * width) }
}

const ignoreMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error
}
