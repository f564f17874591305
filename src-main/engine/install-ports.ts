import { statfs } from 'node:fs/promises'
import { runCommand, type RunCommand } from './command'
import { thisPlatform, type EngineBuild } from './folder'
import { findDriver } from './gpu/driver'
import { readPinned, readSymbolNames, type PinnedEngine } from './pinned'

/** What the installation needs from outside; tests give their own. */
export interface InstallPorts {
  pinned: PinnedEngine
  symbols: string[]
  platform: string
  run: RunCommand
  /** Where a driver for NVIDIA's cards was found; undefined where there is none. */
  findDriver(): Promise<string | undefined>
  /** Free bytes for this user where a folder lies. */
  freeBytes(folder: string): Promise<number>
}

/** The given ports, completed with the real ones for a build. */
export async function withDefaults(
  given: Partial<InstallPorts> = {},
  build: EngineBuild = 'cpu'
): Promise<InstallPorts> {
  return {
    pinned: given.pinned ?? (await readPinned(undefined, build)),
    symbols: given.symbols ?? (await readSymbolNames()),
    platform: given.platform ?? thisPlatform,
    run: given.run ?? runCommand,
    findDriver: given.findDriver ?? findDriver,
    freeBytes: given.freeBytes ?? freeBytes
  }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
