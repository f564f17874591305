import { realpath, readdir, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { Failure } from '#contract/failure'
import type { FileEntry, FileList, FileRoot } from '#contract/files'
import { storageFailure } from '../storage/failure'

/** More names than these are of no use to somebody who looks for one. */
const MOST_ENTRIES = 2_000

/** Looking through the folders that were named when the shell was started, and through nothing else. */
export interface Browsing {
  roots(): Promise<FileRoot[]>
  /** @throws Failure `data.outside` for a path that is in none of the folders, wherever its links lead */
  list(path: string): Promise<FileList>
}

/** Folders that do not exist any more are left out. */
export function openBrowsing(folders: readonly string[]): Browsing {
  const known = async (): Promise<string[]> => {
    const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)))
    return [...new Set(real.filter((folder) => folder !== undefined))]
  }

  /** The real place of a path, if it is inside. What is outside is not looked at, so that nothing is told of it. */
  async function inside(path: string): Promise<{ real: string; roots: string[] }> {
    const roots = await known()
    const refused = new Failure('data.outside', { path, folders: roots.join(', ') || '–' })
    if (!isAbsolute(path) || path.includes('\0')) throw refused
    const spelled = [...folders.map((folder) => resolve(folder)), ...roots]
    if (!spelled.some((root) => contains(root, resolve(path)))) throw refused
    const real = await realpath(path).catch((error: unknown) => {
      throw storageFailure(error, path)
    })
    if (!roots.some((root) => contains(root, real))) throw refused
    return { real, roots }
  }

  /** Where a link leads outside, or nowhere, there is nothing to choose. */
  async function entryOf(folder: string, name: string): Promise<FileEntry | undefined> {
    const path = join(folder, name)
    try {
      const about = await stat((await inside(path)).real)
      if (!about.isDirectory() && !about.isFile()) return undefined
      return { name, path, isFolder: about.isDirectory(), ...(about.isFile() && { bytes: about.size }) }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return undefined
    }
  }

  return {
    roots: async () => (await known()).map((path) => ({ path, name: basename(path) || path })),
    async list(path) {
      const { real: asked, roots } = await inside(path)
      const isFile = (await stat(asked)).isFile()
      const real = isFile ? dirname(asked) : asked
      const names = await readdir(real).catch((error: unknown) => {
        throw storageFailure(error, path)
      })
      const shown = names.filter((name) => !name.startsWith('.')).sort(byName)
      const entries = await Promise.all(shown.slice(0, MOST_ENTRIES).map((name) => entryOf(real, name)))
      return {
        path: real,
        ...(isFile && { file: asked }),
        ...(!roots.includes(real) && { above: dirname(real) }),
        entries: entries
          .filter((entry) => entry !== undefined)
          .sort((a, b) => Number(b.isFolder) - Number(a.isFolder)),
        leftOut: Math.max(0, shown.length - MOST_ENTRIES)
      }
    }
  }
}

/** Says whether a path is a folder or lies somewhere in it; both are absolute and without links. */
export function contains(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

const byName = (a: string, b: string): number => a.localeCompare(b, undefined, { numeric: true })
