import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { EngineStatus, InstallProgress } from '#contract/engine'
import { Failure } from '#contract/failure'
import { sweep, writeAtomically, writeFolderAtomically } from '../storage/atomic'
import { storageFailure } from '../storage/failure'
import { lock, lockHolder, type Lock } from '../storage/lock'
import { buildAddon, findCompiler } from './addon'
import { cancelled } from './command'
import { enginePlace, type EngineBuild, type EnginePlace } from './folder'
import { gatherWheels, megabytes } from './gather'
import { LOOKED_FOR } from './gpu/driver'
import { withDefaults, type InstallPorts } from './install-ports'
import { partsFor, type PinnedPart } from './pinned'
import { thinned, type Report } from './progress'
import { engineStatus, MARKER_FILE, readMarker, type EngineMarker } from './status'
import { checkSymbols } from './symbols'
import { checkGivenWheel, hashFile, unpackRuntime, unpackWheel, type OnShare } from './wheel'

const LOCK_INTERVAL_MS = 250

/** What an installation is given by whoever starts it. */
export interface InstallOptions {
  /** Which build; the one for the processor where nothing is said. */
  build?: EngineBuild
  /**
   * A local file that is the pinned wheel, or, with a GPU, a folder that holds all that are pinned; without it pip
   * fetches them.
   */
  from?: string
  signal: AbortSignal
  report(progress: InstallProgress): void
  /** Rejects with a Failure when the engine in a folder does not compute what it must. */
  probe(libraries: string, signal: AbortSignal): Promise<void>
  ports?: Partial<InstallPorts>
}

/**
 * Installs a native engine into the user's cache: check, download, unpack, build, probe. The engine appears
 * whole or not at all; a fetched wheel is kept until then, so that an interrupted installation goes on from it.
 * An installation that another process runs is waited for.
 * @throws Failure `engine.*`, `storage.*`; `engine.cancelled` when the signal aborts.
 */
export async function installEngine(options: InstallOptions): Promise<EngineStatus> {
  const { signal, from, build = 'cpu' } = options
  const ports = await withDefaults(options.ports, build)
  const place = enginePlace(ports.pinned.version, ports.platform, build)
  const report = thinned(options.report)
  try {
    report('check', { key: 'engine.install.checking' })
    const parts = partsFor(ports.pinned, ports.platform)
    if (build === 'gpu' && (await ports.findDriver()) === undefined)
      throw new Failure('engine.noDriver', { looked: LOOKED_FOR }, 'engine')
    const given = from === undefined ? undefined : givenPaths(from, build, parts)
    for (const [index, path] of (given ?? []).entries()) await checkGivenWheel(path, parts[index], signal)
    await mkdir(place.engines, { recursive: true })
    const held = await lockPatiently(place, signal, report)
    try {
      if ((await readMarker(place.folder)) === undefined)
        await provision(place, parts, given, options, ports, report)
    } finally {
      await held.release()
    }
    const { version } = ports.pinned
    report('done', { key: 'engine.install.done', values: { version, folder: place.folder } }, 1)
    return await engineStatus({
      platform: ports.platform,
      [build === 'gpu' ? 'pinnedGpu' : 'pinned']: ports.pinned
    })
  } catch (error) {
    if (signal.aborted) throw cancelled()
    throw storageFailure(error, (error as NodeJS.ErrnoException).path ?? place.folder)
  }
}

/** Where the wheels lie that the user gives. */
const givenPaths = (from: string, build: EngineBuild, parts: PinnedPart[]): string[] =>
  build === 'gpu' ? parts.map(({ file }) => join(from, file)) : [from]

async function provision(
  place: EnginePlace,
  parts: PinnedPart[],
  given: string[] | undefined,
  { build: which = 'cpu', probe, signal }: InstallOptions,
  ports: InstallPorts,
  report: Report
): Promise<void> {
  const { pinned, run } = ports
  await mkdir(place.downloads, { recursive: true })
  await sweep(place.engines)
  await sweep(place.downloads)
  const compiler = await findCompiler()
  const paths = await gatherWheels(place, parts, given, ports, signal, report)

  await writeFolderAtomically(place.folder, async (folder) => {
    const include = join(folder, 'include')
    const libraries = join(folder, relative(place.folder, place.libraries))
    const share = sharedAmong(parts, report)
    await unpackWheel(paths[0], pinned, libraries, include, signal, share(0))
    for (let index = 1; index < parts.length; index++)
      await unpackRuntime(paths[index], folder, signal, share(index))
    report('build', { key: 'engine.install.building', values: { compiler } })
    await checkSymbols(
      pinned.libraries.map((library) => join(libraries, basename(library))),
      ports.symbols
    )
    await buildAddon(compiler, pinned, libraries, include, run, signal)
    await rm(include, { recursive: true, force: true })
    report('probe', { key: which === 'gpu' ? 'engine.install.probingGpu' : 'engine.install.probing' })
    await probe(libraries, signal)
    if (signal.aborted) throw cancelled()
    const marker = await markerOf(folder, pinned.version, ports.platform, compiler, signal)
    await writeAtomically(join(folder, MARKER_FILE), JSON.stringify(marker, null, 2) + '\n')
  })
  // The downloads of ours are of no more use; a file that the user gave is the user's.
  await rm(place.downloads, { recursive: true, force: true })
}

/** Makes the shares that are unpacked of each wheel into one, by their sizes. */
function sharedAmong(parts: PinnedPart[], report: Report): (index: number) => OnShare {
  const total = parts.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0)
  const unpacking = { key: 'engine.install.unpacking', values: { total: megabytes(total) } } as const
  report('unpack', unpacking, 0)
  return (index) => {
    const before = parts.slice(0, index).reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0)
    return (share) => report('unpack', unpacking, (before + share * parts[index].unpackedBytes) / total)
  }
}

/** Takes the installation's lock, or waits until whoever holds it has finished. */
async function lockPatiently(place: EnginePlace, signal: AbortSignal, report: Report): Promise<Lock> {
  for (;;) {
    try {
      return await lock(place.lock)
    } catch (error) {
      if (!(error instanceof Failure) || error.key !== 'storage.locked') throw error
      const pid = (await lockHolder(place.lock)) ?? 0
      report('check', { key: 'engine.install.waiting', values: { pid: String(pid) } })
      await wait(LOCK_INTERVAL_MS, undefined, { signal })
    }
  }
}

async function markerOf(
  folder: string,
  version: string,
  platform: string,
  builtBy: string,
  signal: AbortSignal
): Promise<EngineMarker> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const names = found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  const hashes: Record<string, string> = {}
  for (const name of names) hashes[name] = await hashFile(join(folder, name), signal)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return {
    version,
    platform,
    bytes,
    files: Object.fromEntries(names.map((name, i) => [name, sizes[i]])),
    hashes,
    builtBy
  }
}
