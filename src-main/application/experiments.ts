import { mkdir, open as openFile, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseExperiment, type Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { StoredExperiment } from '#contract/library'
import { readJson } from '../storage/atomic'
import { storageFailure } from '../storage/failure'
import { isFileName, slug } from './file-names'
import { writeJsonFile } from './json-file'
import { createQueue } from './queue'
import type { Trash } from './trash'

const EXTENSION = '.json'

/** Experiments that a user keeps: files that can be sent to someone, and put here by hand. An id is a file's name. */
export interface Experiments {
  /** Those that can be read, the newest first. */
  list(): Promise<StoredExperiment[]>
  /** @throws Failure `library.noExperiment`, `library.badExperiment`, `storage.notJson`; each names the file */
  open(id: string): Promise<Experiment>
  /** Keeps an experiment in a new file, or in the place of another. @throws Failure `experiment.*`, `storage.*` */
  save(experiment: unknown, id?: string): Promise<StoredExperiment>
  delete(id: string): Promise<void>
}

/** The experiments of a library; their folder is made when the first one is saved. */
export function openExperiments(library: string, trash: Trash): Experiments {
  const folder = join(library, 'experiments')
  const inTurn = createQueue()

  function pathOf(id: string): string {
    if (!isFileName(id)) throw new Failure('library.noExperiment', { id })
    return join(folder, `${id}${EXTENSION}`)
  }
  const describe = async (id: string, { name }: Experiment): Promise<StoredExperiment> => {
    const path = pathOf(id)
    return { id, name, path, changed: (await stat(path)).mtimeMs }
  }

  async function open(id: string): Promise<Experiment> {
    const path = pathOf(id)
    const value = await readJson(path).catch((error: unknown) => {
      if (error instanceof Failure && error.key === 'storage.notFound')
        throw new Failure('library.noExperiment', { id })
      throw error
    })
    try {
      return parseExperiment(value)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      throw new Failure('library.badExperiment', { path, place: String(error.values.path ?? 'experiment') })
    }
  }

  /** Makes an empty file under a name that no other has. */
  async function reserve(name: string): Promise<string> {
    await mkdir(folder, { recursive: true })
    for (let number = 1; ; number++) {
      const id = number === 1 ? name : `${name}-${number}`
      try {
        await (await openFile(pathOf(id), 'wx')).close()
        return id
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  }

  async function saveAsNew(experiment: Experiment): Promise<string> {
    const id = await reserve(slug(experiment.name) || 'experiment').catch((error: unknown) => {
      throw storageFailure(error, folder)
    })
    try {
      await writeJsonFile(pathOf(id), experiment)
    } catch (error) {
      await rm(pathOf(id), { force: true })
      throw error
    }
    return id
  }

  return {
    open,
    async list() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        throw storageFailure(error, folder)
      })
      const ids = names
        .filter((name) => name.endsWith(EXTENSION) && !name.startsWith('.'))
        .map((name) => basename(name, EXTENSION))
      const stored = await Promise.all(
        ids.map((id) =>
          open(id)
            .then((experiment) => describe(id, experiment))
            .catch(skipUnreadable)
        )
      )
      return stored.filter((entry) => entry !== undefined).sort((a, b) => b.changed - a.changed)
    },
    save: (input, id) =>
      inTurn(async () => {
        const experiment = parseExperiment(input)
        if (id === undefined) return describe(await saveAsNew(experiment), experiment)
        await writeJsonFile(pathOf(id), experiment)
        return describe(id, experiment)
      }),
    delete: (id) =>
      inTurn(async () => {
        const path = pathOf(id)
        await stat(path).catch(() => {
          throw new Failure('library.noExperiment', { id })
        })
        await trash.putFile(path)
      })
  }
}

// Opening it says what is wrong with it.
const skipUnreadable = (error: unknown): undefined => {
  if (!(error instanceof Failure) && (error as NodeJS.ErrnoException).code === undefined) throw error
}
