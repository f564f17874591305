import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '#contract/failure'
import { projectRoot, thisPlatform } from './folder'

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
}

/** Reads what is pinned in `resources/engine` of the given project folder. */
export async function readPinned(root: string = projectRoot()): Promise<PinnedEngine> {
  return JSON.parse(
    await readFile(join(root, 'resources', 'engine', 'tensorflow.json'), 'utf8')
  ) as PinnedEngine
}

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
