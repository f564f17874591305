import { open, stat } from 'node:fs/promises'
import { Failure } from '#contract/failure'
import type { Fields } from './importer'

/** Larger files are not opened: weights and what is made of them must fit into memory. */
export const LARGEST_FILE_BYTES = 2 ** 30
/** A description of layers is far smaller. */
export const LARGEST_TEXT_BYTES = 32 * 2 ** 20

/** The whole content of a regular file. @throws Failure `storage.*`, `import.tooLarge` */
export async function readBounded(path: string, limit = LARGEST_FILE_BYTES): Promise<Uint8Array> {
  try {
    // A look first: opening a pipe would wait for its other end.
    const about = await stat(path)
    if (!about.isFile()) throw new Failure('import.notAFile', { path })
    if (about.size > limit) throw tooLarge(path, about.size, limit)
    const file = await open(path, 'r')
    return await file.readFile().finally(() => file.close())
  } catch (error) {
    throw readingFailure(error, path)
  }
}

/** First bytes of a regular file; fewer when it is shorter. @throws Failure `storage.*` */
export async function readStart(path: string, length: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r')
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw readingFailure(error, path)
  }
}

/** The object in a JSON text; none of its objects has a prototype. @throws Failure `storage.notJson`, `import.badPart` */
export function parseFields(text: string, path: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text, withoutPrototype)
  } catch (error) {
    throw new Failure('storage.notJson', { path, problem: (error as Error).message })
  }
  if (!isFields(value)) throw new Failure('import.badPart', { path, part: '{ }' })
  return value
}

const withoutPrototype = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.assign(Object.create(null) as object, value)
    : value

/** Says whether a value is an object, not a list. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Says whether a text can be shown as a name: short, and nothing in it that steers a terminal. */
export const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[^\p{Cc}]{1,200}$/u.test(value)

/** The sentence about something larger than is opened. */
export const tooLarge = (path: string, bytes: number, limit: number): Failure =>
  new Failure('import.tooLarge', {
    path,
    megabytes: Math.ceil(bytes / 1e6),
    limit: Math.floor(limit / 1e6)
  })

/** Turns what the file system says about reading a path into a sentence; anything unexpected stays as it is. */
export function readingFailure(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ENOENT') return new Failure('storage.notFound', { path })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EISDIR' || code === 'ENOTDIR' || code === 'EIO')
    return new Failure('storage.notReadable', { path, problem: code })
  return error
}
