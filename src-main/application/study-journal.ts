import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Experiment } from '#contract/experiment'
import { studyNote, type StudyNote } from '#contract/study'
import { openLineWriter, readLines } from '../storage/append'
import { storageFailure } from '../storage/failure'

/** What is known of the runs that were trained for studies. */
export interface StudyJournal {
  /** The newest note of an experiment. */
  find(key: string): StudyNote | undefined
  /** Synced when it returns. @throws Failure `storage.*` */
  note(note: StudyNote): void
  close(): void
}

/** Opens a file of notes, which is made when it is not there. @throws Failure `storage.*` */
export async function openStudyJournal(path: string): Promise<StudyJournal> {
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw storageFailure(error, path)
  })
  const notes = new Map<string, StudyNote>()
  for (const line of await readLines(path)) {
    const { data } = studyNote.safeParse(line)
    // A note that cannot be read costs no more than training that run again.
    if (data) notes.set(data.key, data)
  }
  const writer = openLineWriter(path)
  return {
    find: (key) => notes.get(key),
    note(note) {
      writer.append(note)
      notes.set(note.key, note)
    },
    close: writer.close
  }
}

/** The same for experiments that differ in nothing but their name, in one version of the product. */
export function keyOf(experiment: Experiment, version: string): string {
  const decisive = { ...experiment, name: '' }
  return createHash('sha256')
    .update(JSON.stringify([version, decisive]))
    .digest('hex')
}
