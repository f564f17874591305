import { availableParallelism, cpus } from 'node:os'
import { join, resolve } from 'node:path'
import type { WorkbenchEvent } from '#contract/events'
import type { Experiment } from '#contract/experiment'
import { expandStudy, parseStudy } from '#contract/expand-study'
import { spreadOf } from '#contract/spread'
import type { Provenance, ShippedStudy, Study, StudyCell, StudyOrder, StudyResult } from '#contract/study'
import { theoreticalMultiplier } from '../health/cell-theory'
import { structureOf } from '../health/structure'
import type { Children, Waiting } from './children'
import { lastOf } from './history'
import { keepTrainer } from './kept-trainer'
import type { Library } from './library'
import type { Ports } from './ports'
import type { Runs } from './runs'
import { baseOf, listShipped } from './shipped-studies'
import { openStudyJournal } from './study-journal'
import { studyRunOf, trainOnce, type DoneRun, type StudyMeans } from './study-runs'
import type { WeightStore } from './weights'

const JOURNAL_FILE = 'studies.jsonl'

/** Studies: those that come with the product, and how one is run. */
export interface Studies {
  list(): Promise<ShippedStudy[]>
  /**
   * Trains every cell with every seed, one run after the other.
   * @throws Failure `experiment.*`, `study.*` for what is wrong with the study, before anything is trained
   */
  run(order: StudyOrder, waiting?: Waiting): Promise<StudyResult>
}

/** What studies need of a workbench and of the library that is open. */
interface Surroundings {
  children: Children
  library: Library
  runs: Runs
  weights: WeightStore
  announce(event: WorkbenchEvent): void
}

/** Nothing is read and nothing runs before something is asked. */
export function createStudies(
  { paths, version }: Pick<Ports, 'paths' | 'version'>,
  { children, library, runs, weights, announce }: Surroundings
): Studies {
  async function run(
    { study: input, seeds, out, work }: StudyOrder,
    waiting?: Waiting
  ): Promise<StudyResult> {
    const parsed = parseStudy(input)
    const study: Study = seeds === undefined ? parsed : { ...parsed, seeds }
    const planned = expandStudy(study, await baseOf(study, paths.presets))
    const trainer = keepTrainer(children)
    const journal = await openStudyJournal(
      out === undefined ? join(paths.library, 'studies', JOURNAL_FILE) : join(resolve(out), JOURNAL_FILE)
    )
    const means: StudyMeans = {
      version,
      runs,
      library,
      journal,
      trainer,
      datasetOf: prepareOnce(children, paths.library),
      weights,
      out,
      signal: waiting?.signal
    }
    const cells = planned.cells.map(({ labels }): StudyCell => ({ labels, layers: [], runs: [] }))
    const turns = turnsOf(study, planned.seeds, cells.length)
    const done: DoneRun[] = []
    let reference: DoneRun | undefined
    try {
      for (const { cell, seed, isReference } of turns) {
        const { labels, experiment } = planned.cells[cell]
        waiting?.report(
          { key: 'study.training', values: { name: experiment.name, seed } },
          done.length / turns.length
        )
        const one = await trainOnce({ ...experiment, seed }, means)
        done.push(one)
        if (isReference) reference = one
        const run = studyRunOf(one, seed, (reference ?? one).summary)
        cells[cell].layers = one.note.layers
        cells[cell].runs.push(run)
        const theory = theoryOf(experiment, one)
        if (theory !== undefined) cells[cell].theoreticalMultiplier = theory
        const named = work === undefined ? {} : { work }
        announce({ type: 'study.run', ...named, labels, run, done: done.length, of: turns.length })
      }
    } finally {
      journal.close()
      trainer.end()
    }
    return { version: 1, study, made: provenanceOf(done, version), cells }
  }

  return { list: () => listShipped(paths), run }
}

/** A run's place in the order: which cell, which seed, and whether the others of its group are compared with it. */
interface Turn {
  cell: number
  seed: number
  isReference: boolean
}

/**
 * The runs in the order in which they are trained: those that differ only in the first axis one behind the other, so
 * that the times of their steps can be compared.
 */
function turnsOf({ vary: [first] }: Study, seeds: readonly number[], cells: number): Turn[] {
  const groups = cells / first.cases.length
  return Array.from({ length: groups }, (_, group) =>
    seeds.flatMap((seed) =>
      first.cases.map((_, index) => ({ cell: index * groups + group, seed, isReference: index === 0 }))
    )
  ).flat()
}

/** Reads the data of each source once. */
function prepareOnce(children: Children, library: string): StudyMeans['datasetOf'] {
  const prepared = new Map<string, Promise<string>>()
  return ({ data: { source } }) => {
    const key = JSON.stringify(source)
    const folder =
      prepared.get(key) ?? children.worker.call('prepare', { source, library }).then(({ folder }) => folder)
    prepared.set(key, folder)
    return folder
  }
}

function theoryOf(experiment: Experiment, { detail }: DoneRun): number | undefined {
  const started = lastOf(detail.events, 'started')
  if (!started) return undefined
  return theoreticalMultiplier(
    experiment,
    structureOf(experiment.model.layers, started.model.layers, started.layers)
  )
}

/** Where the runs were made; they were made alike, since another version trains them anew. */
function provenanceOf(done: readonly DoneRun[], version: string): Provenance {
  const last = done[done.length - 1]
  const started = lastOf(last.detail.events, 'started')
  if (!started) throw new Error(`the run ${last.note.run} has ended without a beginning in its log`)
  const { name, library, threads } = started.engine
  const load = spreadOf(done.flatMap(({ note }) => note.load ?? []))
  return {
    at: done.map(({ note }) => note.at ?? '').reduce((latest, at) => (at > latest ? at : latest), ''),
    steadygrad: version,
    engine: name,
    library,
    threads,
    processor: cpus()[0]?.model.trim() ?? '',
    cores: availableParallelism(),
    ...(load && { load: Number(load.mean.toFixed(2)) })
  }
}
