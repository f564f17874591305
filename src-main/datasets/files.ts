import { createHash } from 'node:crypto'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { Failure } from '#contract/failure'

/** A single read call takes no more than this. */
const READ_BYTES = 1 << 30

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

/** `length` bytes of a file from `from` on, in memory of their own; fewer when the file ends before. */
export async function readBytes(
  file: FileHandle,
  from: number,
  length: number
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, Math.min(length - filled, READ_BYTES), from + filled)
    if (bytesRead === 0) return bytes.slice(0, filled)
    filled += bytesRead
  }
  return bytes
}

/** The bytes that hold an array's values. */
export const bytesOf = (values: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/** SHA-256 in hexadecimal. */
export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')
