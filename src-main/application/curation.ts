import type { WorkbenchEvent } from '#contract/events'
import { Failure } from '#contract/failure'
import type { RunLabel } from '#contract/library'
import type { Labels } from './labels'
import type { Library } from './library'
import type { Runs } from './runs'
import type { Trash } from './trash'

/** What a user does with runs besides training: names, notes, the trash. */
export interface Curation {
  /** @throws Failure `library.noName` for a name of spaces */
  rename(run: string, name: string): Promise<void>
  /** An empty note takes the old one away. */
  note(run: string, note: string): Promise<void>
  /** @throws Failure `library.runAtWork`, `library.runElsewhere` */
  delete(run: string): Promise<void>
  /** @throws Failure `library.notInTrash`, `library.inTheWay` */
  restore(run: string): Promise<void>
}

/** Each change is announced when it is on disk. */
export function createCuration(
  { library, labels, trash, runs }: { library: Library; labels: Labels; trash: Trash; runs: Runs },
  announce: (event: WorkbenchEvent) => void
): Curation {
  const list = async (run: string): Promise<void> =>
    announce({ type: 'run.listed', listing: (await runs.open(run)).listing })

  async function label(run: string, changed: RunLabel): Promise<void> {
    const { id } = await library.find(run)
    await labels.change(id, changed)
    runs.label(id, changed)
    await list(id)
  }

  return {
    async rename(run, name) {
      if (name.trim() === '') throw new Failure('library.noName')
      await label(run, { name: name.trim() })
    },
    note: (run, note) => label(run, { note: note.trim() }),
    async delete(run) {
      const place = await library.find(run)
      if (!library.holds(place)) throw new Failure('library.runElsewhere', { folder: place.folder })
      try {
        await runs.alone(place, () => trash.putRun(place.folder))
      } catch (error) {
        const isAtWork =
          error instanceof Failure && (error.key === 'run.alreadyActive' || error.key === 'storage.locked')
        throw isAtWork ? new Failure('library.runAtWork', { run }) : error
      }
      announce({ type: 'run.deleted', run: place.id })
    },
    async restore(run) {
      await trash.takeRun(library.folderOf(run))
      await list(run)
    }
  }
}
