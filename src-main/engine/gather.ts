import { Failure } from '#contract/failure'
import type { EnginePlace } from './folder'
import type { InstallPorts } from './install-ports'
import type { PinnedPart } from './pinned'
import { fetchWheel, findPip } from './pip'
import type { Report } from './progress'
import { findDownloaded } from './wheel'

/** Bytes as people read them in sentences about sizes. */
export const megabytes = (bytes: number): number => Math.round(bytes / 1e6)

const bytesOf = (parts: PinnedPart[]): number => parts.reduce((sum, { bytes }) => sum + bytes, 0)

/**
 * The paths of the wheels, in their order: those that the user gives, else what an interrupted installation has left
 * and, after it was said what it costs, the others by pip.
 * @throws Failure `engine.diskSpace`, `engine.noPip`, `engine.download*`, `engine.cancelled`.
 */
export async function gatherWheels(
  place: EnginePlace,
  parts: PinnedPart[],
  given: string[] | undefined,
  ports: InstallPorts,
  signal: AbortSignal,
  report: Report
): Promise<string[]> {
  const paths: (string | undefined)[] = given ?? []
  if (!given) for (const part of parts) paths.push(await findDownloaded(place.downloads, part, signal))
  const missing = parts.filter((_, index) => paths[index] === undefined)
  const pip = missing.length > 0 ? await findPip(ports.run, signal) : []
  await checkSpace(place, parts, missing, ports, report)

  const total = bytesOf(missing)
  let before = 0
  for (const [index, part] of parts.entries()) {
    if (paths[index] !== undefined) continue
    const tell = (share: number): void => {
      const done = before + share * part.bytes
      const values = {
        package: part.package,
        version: part.version,
        done: megabytes(done),
        total: megabytes(total)
      }
      report('download', { key: 'engine.install.downloading', values }, done / total)
    }
    tell(0)
    const { downloads } = place
    paths[index] = await fetchWheel(pip, ports.pinned.python, part, downloads, ports.run, signal, tell)
    before += part.bytes
  }
  return paths.filter((path) => path !== undefined)
}

/** Says what the installation costs before it costs anything. @throws Failure `engine.diskSpace`. */
async function checkSpace(
  place: EnginePlace,
  parts: PinnedPart[],
  missing: PinnedPart[],
  { pinned, platform, freeBytes }: InstallPorts,
  report: Report
): Promise<void> {
  const needed = pinned.spaceBytes - (bytesOf(parts) - bytesOf(missing))
  const free = await freeBytes(place.engines)
  const values = {
    version: pinned.version,
    platform,
    download: megabytes(bytesOf(missing)),
    files: missing.length,
    installed: megabytes(parts.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0)),
    needed: megabytes(needed),
    free: megabytes(free),
    folder: place.engines
  }
  report('check', { key: 'engine.install.sizes', values })
  if (free < needed) throw new Failure('engine.diskSpace', values, 'engine')
}
