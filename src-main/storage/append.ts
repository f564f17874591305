import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { storageFailure } from './failure'

/** A file of JSON lines that only grows. */
export interface LineWriter {
  /** Adds one line and syncs it: when this returns, the line survives a crash. @throws Failure `storage.*` */
  append(value: unknown): void
  close(): void
}

/**
 * Opens a file of JSON lines for adding. A torn last line, left by a crash, is cut off; so is everything from the
 * first line on that `keep` refuses.
 */
export function openLineWriter(path: string, keep: (value: unknown) => boolean = () => true): LineWriter {
  try {
    const file = openSync(path, 'a+')
    const text = readFileSync(file, 'utf8')
    let end = 0
    for (const { value, next } of linesOf(text)) {
      if (!keep(value)) break
      end = next
    }
    ftruncateSync(file, Buffer.byteLength(text.slice(0, end)))
    return {
      append(value) {
        try {
          writeWhole(file, Buffer.from(`${JSON.stringify(value)}\n`))
          fsyncSync(file)
        } catch (error) {
          throw storageFailure(error, path)
        }
      },
      close: () => closeSync(file)
    }
  } catch (error) {
    throw storageFailure(error, path)
  }
}

/** The values in a file of JSON lines; a torn tail is left out, and a file that is not there has none. */
export async function readLines(path: string): Promise<unknown[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw storageFailure(error, path)
  })
  return Array.from(linesOf(text), ({ value }) => value)
}

/** Writes all bytes; a single call may write fewer when the disk fills up. */
export function writeWhole(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.byteLength;)
    written += writeSync(file, bytes, written, bytes.byteLength - written)
}

function* linesOf(text: string): Generator<{ value: unknown; next: number }> {
  for (let start = 0; ;) {
    const end = text.indexOf('\n', start)
    if (end < 0) return
    let value: unknown
    try {
      value = JSON.parse(text.slice(start, end))
    } catch {
      // A damaged line is where a crash tore the file: nothing behind it was acknowledged.
      return
    }
    yield { value, next: end + 1 }
    start = end + 1
  }
}
