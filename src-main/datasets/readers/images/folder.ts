import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '#contract/failure'
import { readingFailure } from '../../files'

/** More than any folder of samples; a home folder that was pointed at by mistake must not take minutes. */
const MAX_ENTRIES = 2_000_000
const MAX_DEPTH = 8

/** Everything below a folder, as paths from there with slashes, in an order that every system gives. */
export interface FolderContent {
  files: string[]
  folders: string[]
}

/**
 * Lists a folder with everything below it. Links are followed, but not to a folder that they are in.
 * @throws Failure `data.folderTooLarge`, `storage.*`
 */
export async function listFolder(root: string): Promise<FolderContent> {
  const content: FolderContent = { files: [], folders: [] }

  /** `around` are the real paths of this folder and of those that it was reached through. */
  async function list(below: string, around: readonly string[]): Promise<void> {
    const entries = await readdir(join(root, below), { withFileTypes: true }).catch((error: unknown) => {
      throw readingFailure(error, join(root, below))
    })
    for (const entry of entries) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      const link = entry.isSymbolicLink() ? await linkAt(join(root, path)) : undefined
      const { kind, real } = link ?? { kind: entry, real: join(around[0], entry.name) }
      if (kind.isFile()) content.files.push(path)
      else if (kind.isDirectory() && !around.includes(real)) {
        content.folders.push(path)
        if (around.length < MAX_DEPTH) await list(path, [real, ...around])
      }
      if (content.files.length + content.folders.length > MAX_ENTRIES)
        throw new Failure('data.folderTooLarge', { path: root, limit: MAX_ENTRIES })
    }
  }
  const real = await realpath(root).catch((error: unknown) => {
    throw readingFailure(error, root)
  })
  await list('', [real])
  content.files.sort()
  content.folders.sort()
  return content
}

/** What a link leads to; a link to nothing is what it is itself. */
async function linkAt(path: string) {
  try {
    return { kind: await stat(path), real: await realpath(path) }
  } catch {
    return undefined
  }
}
