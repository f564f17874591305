import { closeSync, fsyncSync, ftruncateSync, openSync } from 'node:fs'
import { Failure } from '#contract/failure'
import { writeWhole } from './append'
import { storageFailure } from './failure'
import { CHUNK_ROWS, encodeChunk, TAIL_MAGIC, type RowFiles } from './row-chunks'
import { openRows } from './rows'

/** Rows open for adding; one writer at a time. */
export interface RowWriter {
  /** Number of the last row. */
  readonly last: number
  /** Adds whole rows; they are in the file when this returns. @throws Failure `storage.*` */
  append(rows: Float32Array): void
  /** Makes everything so far survive a crash of the machine. */
  sync(): void
  close(): void
}

/**
 * Opens rows for adding, behind row number `keep`: later ones, and what a crash left torn, are cut off.
 * @throws Failure `storage.damaged` when fewer rows are there or they have another width.
 */
export async function openRowWriter(files: RowFiles, width: number, keep: number): Promise<RowWriter> {
  const reader = await openRows(files)
  try {
    if (keep > 0 && (reader.last < keep || reader.width !== width))
      throw new Failure('storage.damaged', { path: files.chunks, problem: `${reader.last} < ${keep}` })
    const wholeChunks = reader.chunks.filter((chunk) => chunk.first + chunk.count - 1 <= keep)
    const firstLoose = wholeChunks.reduce((row, chunk) => Math.max(row, chunk.first + chunk.count), 1)
    const loose = keep >= firstLoose ? await reader.rows(firstLoose, keep) : new Float32Array(0)
    const end = wholeChunks.reduce((bytes, chunk) => Math.max(bytes, chunk.offset + chunk.bytes), 0)
    return writeRows(files, width, end, firstLoose, loose)
  } finally {
    await reader.close()
  }
}

function writeRows(
  files: RowFiles,
  width: number,
  end: number,
  firstRow: number,
  loose: Float32Array
): RowWriter {
  const chunks = openSync(files.chunks, 'a')
  const tail = openSync(files.tail, 'a')
  ftruncateSync(chunks, end)
  const pending = new Float32Array(CHUNK_ROWS * width)
  let first = firstRow
  let count = 0

  const startTail = (): void => {
    ftruncateSync(tail, 0)
    writeWhole(tail, new Uint8Array(Uint32Array.of(TAIL_MAGIC, width, first).buffer))
  }
  const append = (rows: Float32Array): void => {
    for (let at = 0; at < rows.length;) {
      const room = (CHUNK_ROWS - count) * width
      const part = rows.subarray(at, at + room)
      writeWhole(tail, new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
      pending.set(part, count * width)
      count += part.length / width
      at += part.length
      if (count === CHUNK_ROWS) {
        writeWhole(chunks, encodeChunk(pending, width, first, files.bits))
        fsyncSync(chunks)
        first += count
        count = 0
        // A crash before this line leaves rows in both files; a reader takes those of the chunk.
        startTail()
      }
    }
  }
  startTail()
  append(loose)

  const guarded = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      throw storageFailure(error, files.tail)
    }
  }
  return {
    get last() {
      return first + count - 1
    },
    append: (rows) => guarded(() => append(rows)),
    sync: () => guarded(() => fsyncSync(tail)),
    close: () => {
      closeSync(chunks)
      closeSync(tail)
    }
  }
}
