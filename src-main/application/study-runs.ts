import { loadavg } from 'node:os'
import { isAlarm, findingKinds, type FindingKind } from '#contract/health'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { RunDetail, RunSummary } from '#contract/run'
import type { StudyNote, StudyRun } from '#contract/study'
import { measuredMultiplier } from '../health/cell-theory'
import type { ActiveRun } from './active-run'
import { lastOf } from './history'
import type { KeptTrainer } from './kept-trainer'
import type { Library } from './library'
import type { Runs } from './runs'
import { keyOf, type StudyJournal } from './study-journal'
import type { WeightStore } from './weights'

/** One run of a study that is over. */
export interface DoneRun {
  note: StudyNote
  detail: RunDetail
  summary: RunSummary
}

/** What the runs of a study are trained with. */
export interface StudyMeans {
  version: string
  runs: Runs
  library: Library
  journal: StudyJournal
  trainer: KeptTrainer
  weights: WeightStore
  /** Folder of the prepared data of an experiment. */
  datasetOf(experiment: Experiment): Promise<string>
  /** Where new runs go; absent = into the library. */
  out: string | undefined
  signal: AbortSignal | undefined
}

/**
 * The run of an experiment: one that was trained before, one that goes on where it was interrupted, or a new one.
 * @throws Failure `study.leftOff` when it was stopped on the way; why it broke off, when it did
 */
export async function trainOnce(experiment: Experiment, means: StudyMeans): Promise<DoneRun> {
  const { runs, library, journal, trainer } = means
  const key = keyOf(experiment, means.version)
  const known = journal.find(key)
  const stored = known && (await openKnown(known.run, library))
  if (known && stored && isWhole(stored)) return doneOf(known, stored)

  const note = stored && known ? known : await begin(key, experiment, means)
  if (stored) await runs.continue(note.run, { startTrainer: trainer.lease })
  const active = runs.atWork(note.run)
  if (active) await untilOver(active, means.signal)
  const detail = await runs.open(note.run)
  if (detail.failure) throw new Failure(detail.failure.key, detail.failure.values)
  if (!isWhole(detail))
    throw new Failure('study.leftOff', { name: experiment.name, step: detail.progress.step })
  const [load] = loadavg()
  const ended: StudyNote = { ...note, at: new Date().toISOString(), ...(load > 0 && { load }) }
  journal.note(ended)
  return doneOf(ended, detail)
}

async function begin(key: string, experiment: Experiment, means: StudyMeans): Promise<StudyNote> {
  const { runs, journal, trainer, out } = means
  const { layers, norms } = await trainer.idle().call('firstGradients', {
    experiment,
    dataset: await means.datasetOf(experiment),
    ...means.weights.taskOf(experiment)
  })
  const { run } = await runs.start(experiment, { out, startTrainer: trainer.lease })
  const note = { key, run, layers, firstGradient: norms }
  journal.note(note)
  return note
}

/** A run that was begun before; undefined when it is gone, or when somebody changed it while it went on. */
async function openKnown(run: string, library: Library): Promise<RunDetail | undefined> {
  try {
    const detail = await library.open(await library.find(run))
    return detail.events.some(({ type }) => type === 'changed' || type === 'extended') ? undefined : detail
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

const WHOLE: readonly string[] = ['completed', 'stoppedByGuard', 'stoppedEarly']
const isWhole = ({ listing: { state } }: RunDetail): boolean => WHOLE.includes(state)

/** Waits for the end of a run; called off, it stops it with a checkpoint. */
async function untilOver(active: ActiveRun, signal: AbortSignal | undefined): Promise<void> {
  // A run that cannot be stopped breaks off, and says so itself.
  const stop = (): void => void active.stop().catch(() => undefined)
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop)
  await active.left
  signal?.removeEventListener('abort', stop)
}

function doneOf(note: StudyNote, detail: RunDetail): DoneRun {
  const ended = lastOf(detail.events, 'ended')
  if (!ended) throw new Error(`the run ${note.run} has ended without an end in its log`)
  return { note, detail, summary: ended.summary }
}

/** The guard stops a run after its first steps, in which it was compiled. */
const isTimed = ({ stopped }: RunSummary): boolean => stopped !== 'guard'

/** What a run gave, as a study tells it; `reference` is the run whose time its own is compared with. */
export function studyRunOf({ note, summary }: DoneRun, seed: number, reference: RunSummary): StudyRun {
  const { stopped, steps, train, validation, test, stepMilliseconds, findings } = summary
  const multiplier = measuredMultiplier(note.firstGradient.slice(0, -1))
  const alarms = new Set(findings.filter(({ severity }) => isAlarm(severity)).map(({ kind }) => kind))
  return {
    seed,
    run: note.run,
    stopped,
    steps,
    ...(train && { train }),
    ...(validation && { validation }),
    ...(test && { test }),
    stepMilliseconds,
    ...(isTimed(summary) &&
      isTimed(reference) && { stepRatio: stepMilliseconds / reference.stepMilliseconds }),
    firstGradient: note.firstGradient,
    ...(multiplier !== undefined && { multiplier }),
    findings: findingKinds.filter((kind: FindingKind) => alarms.has(kind))
  }
}
