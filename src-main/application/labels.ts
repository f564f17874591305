import { join } from 'node:path'
import { libraryIndex, type RunLabel } from '#contract/library'
import { readJsonFile, writeJsonFile } from './json-file'
import { createQueue } from './queue'

const INDEX_FILE = 'index.json'

/** What a user calls runs and wrote about them, by their ids: the library's `index.json`. */
export interface Labels {
  read(): Promise<ReadonlyMap<string, RunLabel>>
  /** Changes what is given of a run's label; an empty text takes it away. @throws Failure `storage.*` */
  change(id: string, changed: RunLabel): Promise<void>
}

/** Another process may write the file too: it is read anew each time. */
export function openLabels(library: string): Labels {
  const path = join(library, INDEX_FILE)
  const inTurn = createQueue()

  const read = async (): Promise<Map<string, RunLabel>> => {
    const index = await readJsonFile(path, (value) => libraryIndex.safeParse(value).data)
    return new Map(Object.entries(index?.runs ?? {}))
  }
  return {
    read: () => inTurn(read),
    change: (id, changed) =>
      inTurn(async () => {
        const labels = await read()
        const { name, note } = { ...labels.get(id), ...changed }
        labels.set(id, { ...(name && { name }), ...(note && { note }) })
        await writeJsonFile(path, { version: 1, runs: Object.fromEntries(labels) })
      })
  }
}
