import { Failure } from '#contract/failure'

/** A file that the user chose or dropped, with its path below what was chosen. */
export interface Picked {
  /** Names joined by `/`. */
  path: string
  file: File
}

/** What systems leave in folders, which nobody means. */
const isClutter = (path: string): boolean =>
  path.split('/').some((name) => name.startsWith('.') || /^(thumbs\.db|desktop\.ini|__macosx)$/i.test(name))

/** The files of a file input; those of a folder keep their paths in it. */
export const filesOfInput = (files: Iterable<File>): Picked[] =>
  Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file })).filter(
    ({ path }) => !isClutter(path)
  )

/** The part of the browser's file system entries that is used here. */
interface Entry {
  readonly name: string
  readonly isFile: boolean
}
interface FileEntry extends Entry {
  file(done: (file: File) => void, fail: (error: unknown) => void): void
}
interface FolderEntry extends Entry {
  createReader(): { readEntries(done: (entries: Entry[]) => void, fail: (error: unknown) => void): void }
}

/**
 * The files of something that was dropped, folders with all that is in them. What was dropped must be asked for its
 * entries at once, so this begins before it returns.
 */
export async function filesOfDrop(items: Iterable<DataTransferItem>): Promise<Picked[]> {
  const entries = Array.from(items)
    .map((item) => item.webkitGetAsEntry() as Entry | null)
    .filter((entry) => entry !== null)
  const found = (await Promise.all(entries.map((entry) => filesBelow(entry, entry.name)))).flat()
  return found.filter(({ path }) => !isClutter(path))
}

async function filesBelow(entry: Entry, path: string): Promise<Picked[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) => (entry as FileEntry).file(done, fail))
    return [{ path, file }]
  }
  const reader = (entry as FolderEntry).createReader()
  const found: Picked[] = []
  // A browser gives a hundred at a time, and none at the end.
  for (;;) {
    const some = await new Promise<Entry[]>((done, fail) => reader.readEntries(done, fail))
    if (some.length === 0) return found
    for (const each of some) found.push(...(await filesBelow(each, `${path}/${each.name}`)))
  }
}

/** The one thing that was dropped, where a path leads to it. @throws Failure `data.severalPaths`, `data.uploadEmpty` */
export function onlyFile(files: Iterable<File>): File {
  const [first, ...more] = files
  if (!first) throw new Failure('data.uploadEmpty')
  if (more.length > 0) throw new Failure('data.severalPaths')
  return first
}
