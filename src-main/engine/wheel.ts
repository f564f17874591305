import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Failure } from '#contract/failure'
import { cancelled } from './command'
import type { PinnedEngine, PinnedWheel } from './pinned'
import { listZip, unzipFile, type ZipEntry } from './zip'

/** What lies in a wheel of NVIDIA's runtime besides pip's own notes; `..` never leads out of the folder. */
const RUNTIME = /^nvidia\/(?!.*\.\.\/)/
const FOR_BUILDS = /\/include\/|\.(a|py)$/
const PROGRAM = /\/bin\/[^/]+$/

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

/** A file of a wheel and where it goes. */
interface Unpacked {
  entry: ZipEntry
  target: string
}

/**
 * Unpacks TensorFlow's libraries into `folder` and its headers into `include`, streaming.
 * @throws Failure `engine.wheelDamaged`, `engine.cancelled`, `storage.diskFull`.
 */
export function unpackWheel(
  path: string,
  pinned: PinnedEngine,
  folder: string,
  include: string,
  signal: AbortSignal,
  onShare: OnShare
): Promise<void> {
  return unpack(path, signal, onShare, (entries) => {
    for (const library of pinned.libraries)
      if (!entries.some(({ name }) => name === library)) throw new Error(`${library} is not in it`)
    return entries.flatMap((entry) => {
      const { name } = entry
      if (pinned.libraries.includes(name)) return [{ entry, target: join(folder, basename(name)) }]
      const isHeader = pinned.headers.some((start) => name.startsWith(start))
      return isHeader ? [{ entry, target: join(include, name.slice(pinned.includeRoot.length)) }] : []
    })
  })
}

/**
 * Unpacks what a program loads of a part of NVIDIA's runtime, in the wheel's own layout: no headers, nothing for
 * linking. Programs among it may be run.
 * @throws Failure `engine.wheelDamaged`, `engine.cancelled`, `storage.diskFull`.
 */
export async function unpackRuntime(
  path: string,
  folder: string,
  signal: AbortSignal,
  onShare: OnShare
): Promise<void> {
  const programs: string[] = []
  await unpack(path, signal, onShare, (entries) => {
    const kept = entries
      .filter(({ name }) => RUNTIME.test(name) && !FOR_BUILDS.test(name))
      .map((entry) => ({ entry, target: join(folder, entry.name) }))
    if (kept.length === 0) throw new Error('it holds no libraries')
    programs.push(...kept.filter(({ entry }) => PROGRAM.test(entry.name)).map(({ target }) => target))
    return kept
  })
  for (const program of programs) await chmod(program, 0o755)
}

/** Unpacks what `choose` takes of an archive's files. */
async function unpack(
  path: string,
  signal: AbortSignal,
  onShare: OnShare,
  choose: (entries: ZipEntry[]) => Unpacked[]
): Promise<void> {
  try {
    const chosen = choose(await listZip(path))
    const total = chosen.reduce((sum, { entry }) => sum + entry.size, 0)
    let done = 0
    for (const { entry, target } of chosen)
      await unzipFile(path, entry, target, signal, (bytes) => onShare((done += bytes) / total))
  } catch (error) {
    if (signal.aborted) throw cancelled()
    // What the system says (a full disk) is for storage to put into words.
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error
    throw new Failure('engine.wheelDamaged', { path, problem: (error as Error).message }, 'engine')
  }
}
