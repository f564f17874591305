import { statfs } from 'node:fs/promises'
import { runCommand, type RunCommand } from './command'
import { thisPlatform } from './folder'
import { readPinned, readSymbolNames, type PinnedEngine } from './pinned'

/** What the installation needs from outside; tests give their own. */
export interface InstallPorts {
  pinned: PinnedEngine
  symbols: string[]
  platform: string
  run: RunCommand
  /** Free bytes for this user where a folder lies. */
  freeBytes(folder: string): Promise<number>
}

/** The given ports, completed with the real ones. */
export async function withDefaults(given: Partial<InstallPorts> = {}): Promise<InstallPorts> {
  return {
    pinned: given.pinned ?? (await readPinned()),
    symbols: given.symbols ?? (await readSymbolNames()),
    platform: given.platform ?? thisPlatform,
    run: given.run ?? runCommand,
    freeBytes: given.freeBytes ?? freeBytes
  }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
