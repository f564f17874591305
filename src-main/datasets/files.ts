import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { Failure } from '#contract/failure'

/** A single call that reads or hashes takes no more than this. */
const PIECE_BYTES = 1 << 30
/** More than any array that fits beside a training process; a larger claim is refused before memory is asked for. */
export const BUDGET_BYTES = 2 ** 31

/** Refuses what would take more memory than there is for a dataset. @throws Failure `data.overBudget` */
export function checkBudget(path: string, bytes: number): void {
  if (bytes > BUDGET_BYTES)
    throw new Failure('data.overBudget', {
      path,
      needed: Math.ceil(bytes / 2 ** 20),
      limit: BUDGET_BYTES / 2 ** 20
    })
}

/** Turns what the file system says about reading a path into a sentence; anything unexpected stays as it is. */
export function readingFailure(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ENOENT') return new Failure('storage.notFound', { path })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EISDIR' || code === 'ENOTDIR' || code === 'EIO')
    return new Failure('storage.notReadable', { path, problem: code })
  return error
}

/** Opens a regular file, uses it and closes it. @throws Failure `storage.*`, or whatever `use` throws. */
export async function withFile<Result>(
  path: string,
  use: (file: FileHandle, size: number) => Promise<Result>
): Promise<Result> {
  try {
    // A look first: opening a pipe would wait for its other end.
    if (!(await stat(path)).isFile()) throw new Failure('data.notAFile', { path })
    const file = await open(path, 'r')
    try {
      return await use(file, (await file.stat()).size)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw readingFailure(error, path)
  }
}

/** `length` bytes of a file from `from` on, in `bytes` or in memory of their own; fewer when the file ends before. */
export async function readBytes(
  file: FileHandle,
  from: number,
  length: number,
  bytes = new Uint8Array(length)
): Promise<Uint8Array<ArrayBuffer>> {
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(
      bytes,
      filled,
      Math.min(length - filled, PIECE_BYTES),
      from + filled
    )
    if (bytesRead === 0) return bytes.slice(0, filled)
    filled += bytesRead
  }
  return bytes
}

/**
 * The bytes of a small file, without a wait for each call: a hundred thousand of them take a second this way, and five
 * otherwise. @throws Failure `data.notAFile`, `data.fileTooLarge`, `storage.*`
 */
export function readSmallFile(path: string, limit: number): Buffer<ArrayBuffer> {
  try {
    // Not to wait for the other end of a pipe; Windows has none.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const about = fstatSync(file)
      if (!about.isFile()) throw new Failure('data.notAFile', { path })
      if (about.size > limit) throw new Failure('data.fileTooLarge', { path, limit: limit / 2 ** 20 })
      const bytes = Buffer.allocUnsafeSlow(about.size)
      let filled = 0
      while (filled < bytes.length) {
        const read = readSync(file, bytes, filled, bytes.length - filled, filled)
        if (read === 0) break
        filled += read
      }
      return bytes.subarray(0, filled)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw readingFailure(error, path)
  }
}

/** The bytes that hold an array's values. */
export const bytesOf = (values: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/** SHA-256 in hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  const hash = createHash('sha256')
  if (typeof bytes === 'string') hash.update(bytes)
  else
    for (let from = 0; from < bytes.length; from += PIECE_BYTES)
      hash.update(bytes.subarray(from, from + PIECE_BYTES))
  return hash.digest('hex')
}
