import { join } from 'node:path'
import { parseExperiment, type Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import { preparationPlan, type PreparationPlan } from '#contract/preparation'
import { EVENTS_FILE, EXPERIMENT_FILE, PREPARATION_FILE, runEventsOf, type RunEvent } from '#contract/run'
import { rowWidth, type StepBatch } from '#contract/step-rows'
import type { TrainerEvent } from '#contract/trainer'
import { openLineWriter, readLines } from '../storage/append'
import { readJson, writeAtomically } from '../storage/atomic'
import { openRowWriter, type RowWriter } from '../storage/row-writer'
import { stepFiles } from '../storage/run-rows'

/** A message has at most 64 KiB: so many numbers leave room for the rest. */
const MOST_NUMBERS = 15_000

/** The log of a run: what happens is in its folder before it is announced. */
export interface RunLog {
  /** Number of the last stored step. */
  readonly lastStep: number
  /** Stores a rare thing, synced, and announces it. */
  event(event: RunEvent): void
  /** Keeps the row of the next step until the next flush. */
  row(row: Float32Array): void
  /** Keeps what was measured of the layers at a step until the next flush. */
  measures(row: Float32Array): void
  /** Stores the kept rows and announces them together. */
  flush(): void
  /** Makes the stored rows survive a crash of the machine. */
  sync(): void
  close(): void
}

/**
 * Opens the log of a run with norms of so many layers, behind its stored step `keep`; later rows are cut off. `measures`
 * are what else is measured, if it is.
 */
export async function openRunLog(
  folder: string,
  layers: number,
  keep: number,
  measures: RowWriter | undefined,
  announce: (event: TrainerEvent) => void
): Promise<RunLog> {
  const width = rowWidth(layers)
  const rows = await openRowWriter(stepFiles(folder, layers), width, keep)
  const events = openLineWriter(join(folder, EVENTS_FILE))
  let kept: Float32Array[] = []
  let measured: Float32Array[] = []

  return {
    get lastStep() {
      return rows.last + kept.length
    },
    event(event) {
      events.append(event)
      announce({ type: 'event', event })
    },
    row: (row) => kept.push(row),
    measures: (row) => measured.push(row),
    flush() {
      if (kept.length > 0) announce({ type: 'steps', batch: store(rows, kept) })
      kept = []
      if (!measures) return
      // What was measured of one step may fill a message.
      const together = Math.max(1, Math.floor(MOST_NUMBERS / (measured.at(0)?.length ?? 1)))
      for (let at = 0; at < measured.length; at += together)
        announce({ type: 'measures', batch: store(measures, measured.slice(at, at + together)) })
      measured = []
    },
    sync() {
      rows.sync()
      measures?.sync()
    },
    close() {
      rows.close()
      measures?.close()
      events.close()
    }
  }
}

/** Adds rows, and gives them as they are announced. */
function store(writer: RowWriter, kept: readonly Float32Array[]): StepBatch {
  const width = kept[0].length
  const values = new Float32Array(kept.length * width)
  kept.forEach((row, index) => values.set(row, index * width))
  const first = writer.last + 1
  writer.append(values)
  return { first, count: kept.length, width, values }
}

/** The experiment that a run was started with. @throws Failure `storage.*` or `experiment.*` */
export const readExperiment = async (folder: string): Promise<Experiment> =>
  parseExperiment(await readJson(join(folder, EXPERIMENT_FILE)))

/** Writes the experiment of a new run; what was started is on disk before anything else happens. */
export const writeExperiment = (folder: string, experiment: Experiment): Promise<void> =>
  writeAtomically(join(folder, EXPERIMENT_FILE), `${JSON.stringify(experiment, null, 2)}\n`)

/** How a run prepares its samples, as it was fitted when it began. @throws Failure `storage.*` */
export async function readPreparation(folder: string): Promise<PreparationPlan> {
  const path = join(folder, PREPARATION_FILE)
  const checked = preparationPlan.safeParse(await readJson(path))
  if (checked.success) return checked.data
  const { path: at, message } = checked.error.issues[0]
  throw new Failure('storage.damaged', { path, problem: `${at.join('.')}: ${message}` })
}

/** Writes how a new run prepares its samples; before its experiment, so that no run is ever without. */
export const writePreparation = (folder: string, plan: PreparationPlan): Promise<void> =>
  writeAtomically(join(folder, PREPARATION_FILE), `${JSON.stringify(plan)}\n`)

/** The stored events of a run, oldest first; none where it never got so far. */
export async function readEvents(folder: string): Promise<RunEvent[]> {
  const path = join(folder, EVENTS_FILE)
  return runEventsOf(await readLines(path), path)
}

/**
 * Prepares the events of a stored run for going on behind `step`. What came later happens again and goes; wishes of
 * the user stay, because they are applied again at their step. An end is no end any more.
 */
export async function rewindEvents(
  folder: string,
  events: readonly RunEvent[],
  step: number
): Promise<RunEvent[]> {
  const kept = events.filter(
    (event) =>
      event.type !== 'ended' && (event.step <= step || event.type === 'changed' || event.type === 'extended')
  )
  await writeAtomically(join(folder, EVENTS_FILE), kept.map((event) => `${JSON.stringify(event)}\n`).join(''))
  return kept
}
