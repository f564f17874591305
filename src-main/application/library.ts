import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { parseExperiment, type Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { RunLabel } from '#contract/library'
import { presetOrder } from '#contract/presets'
import type { Preset } from '#contract/requests'
import {
  EVENTS_FILE,
  EXPERIMENT_FILE,
  LOCK_FILE,
  runEventsOf,
  type RunDetail,
  type RunEvent,
  type RunListing
} from '#contract/run'
import { STUDY_ENDING } from '#contract/study'
import { readLines } from '../storage/append'
import { readJson } from '../storage/atomic'
import { storageFailure } from '../storage/failure'
import { lockHolder } from '../storage/lock'
import { withAbsolutePaths } from './data-paths'
import { isFileName, slug, stamp } from './file-names'
import { applyChanges, lastOf, measuringOf, progressOf, scoresOf, stateOf } from './history'
import type { Labels } from './labels'
import type { Clock, Paths } from './ports'

/** A run by its id (in the library its folder's name, elsewhere its whole path) and its absolute folder. */
export interface RunPlace {
  id: string
  folder: string
}

/** Reads run folders and presets; of run folders it writes none, it only makes empty ones. */
export interface Library {
  /** Where a run is. @throws Failure `run.unknown`, `run.notARun`. */
  find(run: string): Promise<RunPlace>
  /** Says whether a run lies in the library, and not elsewhere. */
  holds(place: RunPlace): boolean
  /** Where a run of the library is, or would be. @throws Failure `run.unknown` for what is the name of none. */
  folderOf(run: string): string
  /** Makes the empty folder of a new run, below `out` or in the library. @throws Failure `storage.*` */
  create(name: string, out?: string): Promise<RunPlace>
  /** Takes back an empty folder that `create` made; one that holds anything stays. */
  discard(place: RunPlace): Promise<void>
  /** Everything that is stored about a run but its steps. @throws Failure `run.notARun`, `storage.*` */
  open(place: RunPlace): Promise<RunDetail>
  /** The runs of the library, newest first. */
  list(): Promise<RunListing[]>
  presets(): Promise<Preset[]>
}

/** Opens the library below a folder, which need not exist yet. */
export function openLibrary({ library, presets }: Paths, clock: Clock, labels: Labels): Library {
  const runs = join(library, 'runs')
  const placeOf = (folder: string): RunPlace => ({
    id: dirname(folder) === runs ? basename(folder) : folder,
    folder
  })

  function pathOf(run: string): string {
    if (isFileName(run)) return join(runs, run)
    if (!isAbsolute(run)) throw new Failure('run.unknown', { run })
    return resolve(run)
  }
  const holds = ({ id, folder }: RunPlace): boolean => id !== folder

  function folderOf(run: string): string {
    const place = placeOf(pathOf(run))
    if (!holds(place)) throw new Failure('run.unknown', { run })
    return place.folder
  }

  async function find(run: string): Promise<RunPlace> {
    const place = placeOf(pathOf(run))
    if (!(await isFolder(place.folder))) throw new Failure('run.unknown', { run })
    await readExperiment(place.folder)
    return place
  }

  async function create(name: string, out?: string): Promise<RunPlace> {
    const parent = out === undefined ? runs : resolve(out)
    const folder = join(
      parent,
      `${stamp(clock.now())}-${slug(name) || 'run'}-${randomBytes(2).toString('hex')}`
    )
    try {
      await mkdir(parent, { recursive: true })
      await mkdir(folder)
    } catch (error) {
      throw storageFailure(error, folder)
    }
    return placeOf(folder)
  }

  async function list(): Promise<RunListing[]> {
    const names = await readdir(runs).catch(noneWhenMissing)
    const labelled = await labels.read()
    const listings = await Promise.all(
      names.map((name) => listingOf(placeOf(join(runs, name)), labelled.get(name)))
    )
    return listings
      .filter((listing) => listing !== undefined)
      .sort((a, b) => b.created - a.created || b.id.localeCompare(a.id))
  }

  return {
    find,
    holds,
    folderOf,
    create,
    discard: ({ folder }) => rmdir(folder).catch(keepWhenFilled),
    open: async (place) => read(place, (await labels.read()).get(place.id)),
    list,
    async presets() {
      const names = (await readdir(presets).catch(noneWhenMissing)).filter(
        (name) => name.endsWith('.json') && !name.endsWith(STUDY_ENDING)
      )
      return Promise.all(
        names.sort(inOrder).map(async (name) => ({
          id: basename(name, '.json'),
          experiment: parseExperiment(withAbsolutePaths(await readJson(join(presets, name)), [presets]))
        }))
      )
    }
  }
}

/** Presets in the order in which they are offered, those without a place in it last. */
function inOrder(one: string, other: string): number {
  const place = (name: string): number => {
    const at = (presetOrder as readonly string[]).indexOf(basename(name, '.json'))
    return at < 0 ? presetOrder.length : at
  }
  return place(one) - place(other) || one.localeCompare(other)
}

async function read({ id, folder }: RunPlace, label: RunLabel = {}): Promise<RunDetail> {
  const experiment = await readExperiment(folder)
  const events = await readEvents(folder)
  const held = (await lockHolder(join(folder, LOCK_FILE))) !== undefined
  const state = stateOf(events, held)
  const progress = progressOf(events, state)
  const engine = lastOf(events, 'started')?.engine.name
  const scores = scoresOf(events)
  const measuring = measuringOf(events)
  const listing: RunListing = {
    id,
    folder,
    name: label.name ?? experiment.name,
    state,
    created: events[0]?.time ?? (await stat(join(folder, EXPERIMENT_FILE))).mtimeMs,
    steps: progress.step,
    ...(engine && { engine }),
    ...(scores && { scores }),
    ...(measuring && { measuring }),
    ...(label.note && { note: label.note })
  }
  return { listing, experiment, current: applyChanges(experiment, events), progress, events }
}

/** The listing of a run; undefined for what is no run or cannot be read, which opening it would explain. */
async function listingOf(place: RunPlace, label?: RunLabel): Promise<RunListing | undefined> {
  try {
    return (await read(place, label)).listing
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

/** The experiment that a run was started with. @throws Failure `run.badExperiment`, `storage.*` */
export async function readExperiment(folder: string): Promise<Experiment> {
  const path = join(folder, EXPERIMENT_FILE)
  const value = await readJson(path).catch((error: unknown) => {
    if (error instanceof Failure && error.key === 'storage.notFound')
      throw new Failure('run.notARun', { folder, file: EXPERIMENT_FILE })
    throw error
  })
  try {
    return parseExperiment(value)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure('run.badExperiment', { path, place: String(error.values.path ?? 'experiment') })
  }
}

/** The events of a run folder; none before the first one. @throws Failure `storage.damaged` */
export async function readEvents(folder: string): Promise<RunEvent[]> {
  const path = join(folder, EVENTS_FILE)
  return runEventsOf(await readLines(path), path)
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (about) => about.isDirectory(),
    () => false
  )

const noneWhenMissing = (error: NodeJS.ErrnoException): string[] => {
  if (error.code === 'ENOENT') return []
  throw error
}

const keepWhenFilled = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error
}
