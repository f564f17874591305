import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { EngineStatus, InstallProgress } from '#contract/engine'
import { Failure } from '#contract/failure'
import { sweep, writeAtomically, writeFolderAtomically } from '../storage/atomic'
import { storageFailure } from '../storage/failure'
import { lock, lockHolder, type Lock } from '../storage/lock'
import { buildAddon, findCompiler } from './addon'
import { cancelled } from './command'
import { enginePlace, type EnginePlace } from './folder'
import { withDefaults, type InstallPorts } from './install-ports'
import { wheelFor, type PinnedWheel } from './pinned'
import { fetchWheel, findPip } from './pip'
import { thinned, type Report } from './progress'
import { engineStatus, MARKER_FILE, readMarker, type EngineMarker } from './status'
import { checkSymbols } from './symbols'
import { checkGivenWheel, findDownloaded, unpackWheel } from './wheel'

const LOCK_INTERVAL_MS = 250

/** What an installation is given by whoever starts it. */
export interface InstallOptions {
  /** A local file that is the pinned wheel; without it pip fetches the wheel. */
  from?: string
  signal: AbortSignal
  report(progress: InstallProgress): void
  /** Rejects with a Failure when the engine in a folder does not compute what it must. */
  probe(folder: string, signal: AbortSignal): Promise<void>
  ports?: Partial<InstallPorts>
}

/**
 * Installs the native engine into the user's cache: check, download, unpack, build, probe. The engine appears
 * whole or not at all; a fetched wheel is kept until then, so that an interrupted installation goes on from it.
 * An installation that another process runs is waited for.
 * @throws Failure `engine.*`, `storage.*`; `engine.cancelled` when the signal aborts.
 */
export async function installEngine(options: InstallOptions): Promise<EngineStatus> {
  const { signal, from } = options
  const ports = await withDefaults(options.ports)
  const place = enginePlace(ports.pinned.version, ports.platform)
  const report = thinned(options.report)
  const judged = { pinned: ports.pinned, platform: ports.platform }
  try {
    report('check', { key: 'engine.install.checking' })
    const wheel = wheelFor(ports.pinned, ports.platform)
    if (from !== undefined) await checkGivenWheel(from, wheel, signal)
    await mkdir(place.engines, { recursive: true })
    const held = await lockPatiently(place, signal, report)
    try {
      if ((await readMarker(place.folder)) === undefined)
        await provision(place, wheel, options, ports, report)
    } finally {
      await held.release()
    }
    const status = await engineStatus(judged)
    report(
      'done',
      { key: 'engine.install.done', values: { version: status.version, folder: place.folder } },
      1
    )
    return status
  } catch (error) {
    if (signal.aborted) throw cancelled()
    throw storageFailure(error, (error as NodeJS.ErrnoException).path ?? place.folder)
  }
}

async function provision(
  place: EnginePlace,
  wheel: PinnedWheel,
  { from, probe, signal }: InstallOptions,
  ports: InstallPorts,
  report: Report
): Promise<void> {
  const { pinned, run } = ports
  await mkdir(place.downloads, { recursive: true })
  await sweep(place.engines)
  await sweep(place.downloads)
  const compiler = await findCompiler()
  const local = from ?? (await findDownloaded(place.downloads, wheel, signal))
  const pip = local === undefined ? await findPip(run, signal) : []
  await checkSpace(place, wheel, local !== undefined, ports, report)
  const path = local ?? (await download(pip, place, wheel, ports, signal, report))

  await writeFolderAtomically(place.folder, async (folder) => {
    const include = join(folder, 'include')
    const unpacking = {
      key: 'engine.install.unpacking',
      values: { total: megabytes(wheel.unpackedBytes) }
    } as const
    report('unpack', unpacking, 0)
    await unpackWheel(path, pinned, folder, include, signal, (share) => report('unpack', unpacking, share))
    report('build', { key: 'engine.install.building', values: { compiler } })
    await checkSymbols(
      pinned.libraries.map((library) => join(folder, basename(library))),
      ports.symbols
    )
    await buildAddon(compiler, pinned, folder, include, run, signal)
    await rm(include, { recursive: true, force: true })
    report('probe', { key: 'engine.install.probing' })
    await probe(folder, signal)
    if (signal.aborted) throw cancelled()
    const marker = await markerOf(folder, pinned.version, ports.platform, compiler)
    await writeAtomically(join(folder, MARKER_FILE), JSON.stringify(marker, null, 2) + '\n')
  })
  // The downloads of ours are of no more use; a file that the user gave is the user's.
  await rm(place.downloads, { recursive: true, force: true })
}

async function download(
  pip: string[],
  place: EnginePlace,
  wheel: PinnedWheel,
  { pinned, run }: InstallPorts,
  signal: AbortSignal,
  report: Report
): Promise<string> {
  const tell = (share: number): void =>
    report(
      'download',
      {
        key: 'engine.install.downloading',
        values: {
          version: pinned.version,
          done: megabytes(share * wheel.bytes),
          total: megabytes(wheel.bytes)
        }
      },
      share
    )
  tell(0)
  return fetchWheel(pip, pinned, wheel, place.downloads, run, signal, tell)
}

/** Says what the installation costs before it costs anything. @throws Failure `engine.diskSpace`. */
async function checkSpace(
  place: EnginePlace,
  wheel: PinnedWheel,
  hasWheel: boolean,
  { pinned, platform, freeBytes }: InstallPorts,
  report: Report
): Promise<void> {
  const needed = pinned.spaceBytes - (hasWheel ? wheel.bytes : 0)
  const free = await freeBytes(place.engines)
  const values = {
    version: pinned.version,
    platform,
    download: hasWheel ? 0 : megabytes(wheel.bytes),
    installed: megabytes(wheel.unpackedBytes),
    needed: megabytes(needed),
    free: megabytes(free),
    folder: place.engines
  }
  report('check', { key: 'engine.install.sizes', values })
  if (free < needed) throw new Failure('engine.diskSpace', values, 'engine')
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
  builtBy: string
): Promise<EngineMarker> {
  const names = (await readdir(folder)).sort()
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return {
    version,
    platform,
    bytes,
    files: Object.fromEntries(names.map((name, i) => [name, sizes[i]])),
    builtBy
  }
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6)
