import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '#contract/failure'
import { enginePlace, projectRoot, thisPlatform, type EngineBuild } from './folder'

/** One wheel as `resources/engine/tensorflow.json` pins it. */
export interface PinnedWheel {
  file: string
  /** The platform tags that pip has to accept for it. */
  tags: string[]
  sha256: string
  bytes: number
  /** What is left on disk after the installation. */
  unpackedBytes: number
}

/** A wheel that is fetched besides TensorFlow's own: a part of NVIDIA's runtime. */
export interface PinnedPart extends PinnedWheel {
  package: string
  version: string
}

/** The build of TensorFlow that this version of the workbench installs, and what it takes from it. */
export interface PinnedEngine {
  version: string
  package: string
  /** The Python version named in the wheel's tag; the Python that runs pip may be another. */
  python: string
  /** Free space asked for while wheel and libraries lie side by side, in bytes. */
  spaceBytes: number
  /** Paths in the wheel that are kept. */
  libraries: string[]
  /** The folder in the wheel that the compiler searches. */
  includeRoot: string
  /** Folders in the wheel that are needed for the build only. */
  headers: string[]
  wheels: Partial<Record<string, PinnedWheel>>
  /** What TensorFlow loads besides itself: the wheels of its extra `and-cuda`, for each platform. */
  runtime?: Partial<Record<string, PinnedPart[]>>
}

/** Reads what is pinned of a build in `resources/engine` of the given project folder. */
export async function readPinned(
  root: string = projectRoot(),
  build: EngineBuild = 'cpu'
): Promise<PinnedEngine> {
  return JSON.parse(await readFile(pinnedFile(root, build), 'utf8')) as PinnedEngine
}

/** The folder of the engine with a GPU on this machine, whether it is there or not; for what must not wait. */
export function gpuFolder(root: string = projectRoot()): string {
  const { version } = JSON.parse(readFileSync(pinnedFile(root, 'gpu'), 'utf8')) as PinnedEngine
  return enginePlace(version, thisPlatform, 'gpu').folder
}

const pinnedFile = (root: string, build: EngineBuild): string =>
  join(root, 'resources', 'engine', build === 'gpu' ? 'tensorflow-gpu.json' : 'tensorflow.json')

/** The names that the addon needs from TensorFlow's libraries. */
export async function readSymbolNames(root: string = projectRoot()): Promise<string[]> {
  const text = await readFile(join(root, 'resources', 'engine', 'symbols.txt'), 'utf8')
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

/** The wheel for a platform. @throws Failure `engine.platformUnsupported`, naming the platform. */
export function wheelFor(pinned: PinnedEngine, platform: string = thisPlatform): PinnedWheel {
  const wheel = pinned.wheels[platform]
  if (wheel) return wheel
  const known = Object.keys(pinned.wheels).join(', ')
  throw new Failure('engine.platformUnsupported', { platform, known }, 'engine')
}

/** Everything that is fetched for a platform: TensorFlow's wheel first. @throws Failure `engine.platformUnsupported` */
export function partsFor(pinned: PinnedEngine, platform: string = thisPlatform): PinnedPart[] {
  const { package: name, version } = pinned
  return [{ ...wheelFor(pinned, platform), package: name, version }, ...(pinned.runtime?.[platform] ?? [])]
}
