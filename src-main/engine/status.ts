import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  engineNames,
  type EngineChoice,
  type EngineName,
  type EngineStatus,
  type GpuStatus
} from '#contract/engine'
import { Failure } from '#contract/failure'
import type { Message } from '#contract/messages'
import { readJson } from '../storage/atomic'
import { lock } from '../storage/lock'
import { findCompiler } from './addon'
import { findProgram } from './command'
import { enginePlace, thisPlatform, type EngineBuild } from './folder'
import { findDriver } from './gpu/driver'
import { partsFor, readPinned, wheelFor, type PinnedEngine } from './pinned'

/**
 * The file whose presence says that an installation was finished; it is written last. It has another name when the addon
 * is built from something else, so that an engine which was built before counts as none.
 */
export const MARKER_FILE = 'engine-2.json'

/** What the marker file holds. */
export interface EngineMarker {
  version: string
  platform: string
  /** Sum of the files, in bytes. */
  bytes: number
  /** Each file with its size in bytes. */
  files: Record<string, number>
  /** Each file with its sha256; engines that were installed before this was kept have none. */
  hashes?: Record<string, string>
  /** The file that was found to have other bytes than those installed. */
  changed?: string
  /** The compiler that built the addon. */
  builtBy: string
}

/** What the state of an engine is judged by; the defaults are this project and this machine. */
export interface StatusOptions {
  pinned?: PinnedEngine
  pinnedGpu?: PinnedEngine
  platform?: string
  findDriver?: () => Promise<string | undefined>
}

/** The state of the native engines, judged by files alone: nothing is loaded and no program is run. */
export async function engineStatus(options: StatusOptions = {}): Promise<EngineStatus> {
  const pinned = options.pinned ?? (await readPinned())
  const platform = options.platform ?? thisPlatform
  const { folder } = enginePlace(pinned.version, platform)
  const marker = await readMarker(folder)
  const installed = marker !== undefined
  const problem = installed
    ? undefined
    : ((await whyNotInstallable(pinned, platform)) ?? (await whyDamaged(folder)))
  const gpu = await gpuStatus(options)
  return {
    installed,
    version: pinned.version,
    folder,
    bytes: marker?.bytes ?? 0,
    ...(problem ? { problem } : {}),
    ...(gpu && { gpu }),
    best: forcedEngine() ?? (gpu?.installed && gpu.driver ? 'native-gpu' : installed ? 'native-cpu' : 'wasm')
  }
}

/** The state of the engine with a GPU; undefined where there is no such build for the platform. */
export async function gpuStatus(options: StatusOptions = {}): Promise<GpuStatus | undefined> {
  const pinned = options.pinnedGpu ?? (await readPinned(undefined, 'gpu'))
  const platform = options.platform ?? thisPlatform
  if (!pinned.wheels[platform]) return undefined
  const { folder } = enginePlace(pinned.version, platform, 'gpu')
  const marker = await readMarker(folder)
  const parts = partsFor(pinned, platform)
  return {
    installed: marker !== undefined,
    folder,
    bytes: marker?.bytes ?? 0,
    download: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    unpacked: parts.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0),
    driver: (await (options.findDriver ?? findDriver)()) !== undefined
  }
}

/**
 * Deletes a build of the native engine and what an interrupted installation of it has left.
 * @throws Failure `storage.locked` while an installation runs.
 */
export async function removeEngine(options: StatusOptions & { build?: EngineBuild } = {}): Promise<void> {
  const { build = 'cpu' } = options
  const given = build === 'gpu' ? options.pinnedGpu : options.pinned
  const pinned = given ?? (await readPinned(undefined, build))
  const place = enginePlace(pinned.version, options.platform, build)
  const isThere = await stat(place.engines).then(
    () => true,
    () => false
  )
  if (isThere) {
    const held = await lock(place.lock)
    // The marker goes first: a removal that is interrupted leaves no engine that looks whole.
    await rm(join(place.folder, MARKER_FILE), { force: true })
      .then(() => rm(place.folder, { recursive: true, force: true }))
      .finally(() => held.release())
  }
  await rm(place.downloads, { recursive: true, force: true })
}

/** The marker of a whole engine: every file is there with its size, and none is known to have changed. Undefined otherwise. */
export async function readMarker(folder: string): Promise<EngineMarker | undefined> {
  const marker = (await readJson(join(folder, MARKER_FILE)).catch(() => undefined)) as
    Partial<EngineMarker> | undefined
  if (!marker?.files || !marker.version || marker.changed !== undefined) return undefined
  for (const [name, bytes] of Object.entries(marker.files))
    if ((await sizeOf(join(folder, name))) !== bytes) return undefined
  return marker as EngineMarker
}

/** Bytes of a file; 0 where there is none. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0
  )

/**
 * What `STEADYGRAD_ENGINE` asks for, undefined when it is not set or says auto.
 * @throws Failure `engine.unknownChoice` (kind `input`) for any other word.
 */
export function forcedEngine(): EngineName | undefined {
  const value = process.env.STEADYGRAD_ENGINE
  if (!value || value === ('auto' satisfies EngineChoice)) return undefined
  const known = engineNames.find((name) => name === value)
  if (!known) throw new Failure('engine.unknownChoice', { value, known: ['auto', ...engineNames].join(', ') })
  return known
}

/** What became of an engine that was installed and is whole no more; undefined where none was, or nothing is amiss. */
export async function whyDamaged(folder: string): Promise<Message | undefined> {
  const marker = await readJson(join(folder, MARKER_FILE)).catch((error: unknown) => {
    if (error instanceof Failure && error.key === 'storage.notFound') return undefined
    return {}
  })
  if (marker === undefined) return undefined
  const { files, changed } = marker as Partial<EngineMarker>
  if (changed !== undefined) return { key: 'engine.changed', values: { folder, file: changed } }
  for (const [file, expected] of Object.entries(files ?? {})) {
    const found = await sizeOf(join(folder, file))
    if (found !== expected) return { key: 'engine.damaged', values: { folder, file, found, expected } }
  }
  if (files) return undefined
  return { key: 'engine.damagedMarker', values: { path: join(folder, MARKER_FILE) } }
}

async function whyNotInstallable(pinned: PinnedEngine, platform: string): Promise<Message | undefined> {
  try {
    wheelFor(pinned, platform)
    await findCompiler()
    if ((await findProgram(['python3', 'python', 'pip3', 'pip'])) === undefined)
      throw new Failure('engine.noPip', {}, 'engine')
    return undefined
  } catch (error) {
    if (error instanceof Failure) return { key: error.key, values: error.values }
    throw error
  }
}
