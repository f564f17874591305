import { join } from 'node:path'
import { readJsonFile, writeJsonFile } from './json-file'
import { createQueue } from './queue'

const DRAFT_FILE = 'draft.json'

/** What is being edited. It may be no experiment yet, because it is kept while it is typed. */
export interface Draft {
  /** The draft as it was saved last; null where there is none. */
  read(): Promise<unknown>
  /** Settles when it is on disk. @throws Failure `storage.*`; the draft before it is then untouched. */
  save(draft: unknown): Promise<void>
}

/** The draft of a library. */
export function openDraft(library: string): Draft {
  const path = join(library, DRAFT_FILE)
  const inTurn = createQueue()
  return {
    read: () => inTurn(async () => (await readJsonFile(path, (draft) => draft)) ?? null),
    save: (draft) => inTurn(() => writeJsonFile(path, draft ?? null))
  }
}
