import { setImmediate as nextTurn } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import type { ActiveEngine } from '#contract/engine'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import { measuredWidth } from '#contract/measures'
import type { ExaminedStep, Replay, StepRange } from '#contract/replay'
import type { RunEvent, RunEventOf } from '#contract/run'
import { rowWidth } from '#contract/step-rows'
import type { Report } from '#contract/work'
import type { RowReader } from '../../storage/rows'
import { openSteps } from '../../storage/run-rows'
import { factsOf } from '../data-facts'
import { layOutRows } from '../measurements'
import { measuredLayersOf } from '../measure-program'
import { samplesMeasured } from '../measuring'
import type { OpenedModel } from '../opened-model'
import { tensorsOf } from '../step'
import { examine } from './examine'
import { examinedSteps, rangeOf } from './range'
import { openRerun, type Rerun } from './rerun'
import { isSameRow, isSameState, rowAfterRow } from './same'
import { readState, storedStates, type StoredState } from './start'

/** A stored run whose steps are run again. */
export interface ReplayTask {
  folder: string
  /** As it was started. */
  experiment: Experiment
  events: readonly RunEvent[]
  opened: OpenedModel
  engine: ActiveEngine
  /** Steps that are looked at; by default those before the run broke, or its last ones. */
  steps?: StepRange
}

/** How often it is told how far it has come, and requests are let in. */
const BREATH_MS = 50

/**
 * Runs steps of a stored run again, as they ran the first time: the same samples, masks, live changes and refusals. Each of
 * the wanted steps has its layers measured, and those that broke have their samples looked at. Everything is compared
 * with what is stored. The run folder is only read.
 * @throws Failure `replay.*`; `request.cancelled` through `report`
 */
export async function replayRun(task: ReplayTask, report: Report): Promise<Replay> {
  const { folder, events, experiment, opened } = task
  const started = events.findLast((event) => event.type === 'started')
  if (!started) throw new Failure('replay.noSteps', { path: folder })
  checkData(started, opened, folder)
  const rows = await openSteps(folder)
  try {
    const range = rangeOf(task.steps, events, rows.last, folder)
    const stored = await storedStates(folder, events, experiment.training.stopEarly?.restoreBest ?? false)
    const rerun = await openRerun(task, range, stored)
    try {
      return await replaySteps(task, { started, rows, range, stored, rerun }, report)
    } finally {
      rerun.dispose()
    }
  } finally {
    await rows.close()
  }
}

interface Ready {
  started: RunEventOf<'started'>
  rows: RowReader
  range: StepRange
  stored: StoredState[]
  rerun: Rerun
}

async function replaySteps(
  { folder, experiment, events, opened, engine }: ReplayTask,
  { started, rows, range, stored, rerun }: Ready,
  report: Report
): Promise<Replay> {
  const { from, to } = range
  const { model, parts, classes } = opened
  const { position, start, programs } = rerun
  const first = start.step + 1
  const storedRow = rowAfterRow(rows, to)
  const reasons = await examinedSteps(range, events, rows)

  const measured = measuredLayersOf(model)
  const widths = { row: rowWidth(model.layers.length), measured: measuredWidth(measured.length, false) }
  const told = new Float32Array((to - from + 1) * widths.row)
  const measures = new Float32Array((to - from + 1) * widths.measured)
  const examined: ExaminedStep[] = []
  const states: Replay['states'] = []
  const different: number[] = []
  const writeRow = layOutRows(model.layers, model.parameters)
  // Without telemetry no columns of layers were stored.
  const writeStored = rows.width === widths.row ? writeRow : layOutRows([], model.parameters)
  const breathe = breathing(() => {
    const values = { step: position.step, last: to }
    report({ key: 'replay.progress', values }, (position.step - start.step) / (to - start.step))
  })

  for (let step = first; step <= to; step++) {
    const { packed, facts } = await rerun.advance(async (batch, scalars) => {
      if (step < from) return
      const observing = rerun.observe()
      measures.set(
        [step, ...observing.measure(samplesMeasured(batch), scalars)],
        (step - from) * widths.measured
      )
      const reason = reasons.get(step)
      if (!reason) return
      const examining = { ...opened, programs: observing, position, seed: experiment.seed }
      examined.push({ step, reason, ...(await examine(examining, batch, scalars, breathe)) })
    })
    if (step >= from) told.set(writeRow(packed, facts), (step - from) * widths.row)
    if (!isSameRow(writeStored(packed, facts), await storedRow(step))) different.push(step)
    for (const each of stored.filter((state) => state.step === step)) {
      const kept = await readState(folder, each)
      if (!kept) continue
      const same = isSameState(programs.state, kept.state)
      tf.dispose(tensorsOf(kept.state))
      states.push({ step, same })
      if (!same) different.push(step)
    }
    await breathe()
  }
  const sitting = events.findLast((event) => event.type === 'started' && event.step < to)
  return {
    ...range,
    start,
    engine,
    engineBefore: (sitting?.type === 'started' ? sitting : started).engine,
    compared: to - start.step,
    states,
    same: different.length === 0,
    ...(different.length > 0 && { firstDifferent: different[0] }),
    layers: model.layers,
    measured,
    width: widths.row,
    rows: told,
    measuredWidth: widths.measured,
    measures,
    part: parts.train.from,
    ...(classes && { classes }),
    examined
  }
}

/** Tells now and then, and lets a wish to call it off come in. */
function breathing(tell: () => void): () => Promise<void> {
  let last = -Infinity
  return async () => {
    if (performance.now() - last < BREATH_MS) return
    tell()
    await nextTurn()
    last = performance.now()
  }
}

/** The data must be what it was, as far as counts and scale tell. @throws Failure `replay.dataChanged` */
function checkData(
  { samples, facts }: RunEventOf<'started'>,
  { parts, preparation, classes }: OpenedModel,
  path: string
): void {
  const counts = [parts.train.count, parts.validation?.count ?? 0, parts.test.count]
  const isSame =
    counts.every((count, at) => count === [samples.train, samples.validation, samples.test][at]) &&
    (!facts || JSON.stringify(facts) === JSON.stringify(factsOf(parts.train, preparation, classes)))
  if (!isSame) throw new Failure('replay.dataChanged', { path })
}
