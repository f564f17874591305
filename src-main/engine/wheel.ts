import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Failure } from '#contract/failure'
import { cancelled } from './command'
import type { PinnedEngine, PinnedWheel } from './pinned'
import { listZip, unzipFile } from './zip'

/** Hears the share of a stage that is done, from 0 to 1. */
export type OnShare = (share: number) => void

/** A file's sha256 in hex, read as a stream. */
export async function hashFile(path: string, signal: AbortSignal, onShare?: OnShare): Promise<string> {
  const hash = createHash('sha256')
  const total = (await stat(path)).size
  let done = 0
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    async function (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        done += chunk.length
        onShare?.(done / total)
      }
    },
    { signal }
  )
  return hash.digest('hex')
}

/**
 * Checks a wheel that the user gives.
 * @throws Failure `engine.wheelMissing`, `engine.wheelHash`, both of kind `input`.
 */
export async function checkGivenWheel(path: string, wheel: PinnedWheel, signal: AbortSignal): Promise<void> {
  const isFile = await stat(path).then(
    (about) => about.isFile(),
    () => false
  )
  if (!isFile) throw new Failure('engine.wheelMissing', { path })
  const found = await hashFile(path, signal)
  if (found !== wheel.sha256)
    throw new Failure('engine.wheelHash', { path, file: wheel.file, expected: wheel.sha256, found })
}

/** The wheel in the downloads folder when it is there whole; a damaged one is deleted. */
export async function findDownloaded(
  downloads: string,
  wheel: PinnedWheel,
  signal: AbortSignal
): Promise<string | undefined> {
  const path = join(downloads, wheel.file)
  const size = await stat(path).then(
    (about) => about.size,
    () => undefined
  )
  if (size === undefined) return undefined
  if (size === wheel.bytes && (await hashFile(path, signal)) === wheel.sha256) return path
  await rm(path, { force: true })
  return undefined
}

/**
 * Unpacks the libraries into `folder` and the headers into `include`, streaming.
 * @throws Failure `engine.wheelDamaged`, `engine.cancelled`, `storage.diskFull`.
 */
export async function unpackWheel(
  path: string,
  pinned: PinnedEngine,
  folder: string,
  include: string,
  signal: AbortSignal,
  onShare: OnShare
): Promise<void> {
  try {
    const entries = (await listZip(path)).filter(
      ({ name }) => pinned.libraries.includes(name) || pinned.headers.some((start) => name.startsWith(start))
    )
    for (const library of pinned.libraries)
      if (!entries.some(({ name }) => name === library)) throw new Error(`${library} is not in it`)
    const total = entries.reduce((sum, entry) => sum + entry.size, 0)
    let done = 0
    for (const entry of entries) {
      const isLibrary = pinned.libraries.includes(entry.name)
      const target = isLibrary
        ? join(folder, entry.name.slice(entry.name.lastIndexOf('/') + 1))
        : join(include, entry.name.slice(pinned.includeRoot.length))
      await unzipFile(path, entry, target, signal, (bytes) => onShare((done += bytes) / total))
    }
  } catch (error) {
    if (signal.aborted) throw cancelled()
    // What the system says (a full disk) is for storage to put into words.
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error
    throw new Failure('engine.wheelDamaged', { path, problem: (error as Error).message }, 'engine')
  }
}
