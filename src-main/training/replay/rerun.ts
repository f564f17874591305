import * as tf from '@tensorflow/tfjs-core'
import { changeLive, inOrder } from '#contract/live'
import type { StepRange } from '#contract/replay'
import { buildChain } from '../../gradients/chain'
import { attempt, type Attempt, type Attempting, type Before } from '../attempt'
import { feedInPlace } from '../feeder'
import { keptPath } from '../first-weights'
import { initialize } from '../initialize'
import { applyRepeated } from '../live-changes'
import { closeEpoch, startPosition } from '../position'
import { writePrograms } from '../program-functions'
import { openPrograms, type Programs } from '../programs'
import type { Snapshot } from '../snapshots'
import { copyOf, tensorsOf } from '../step'
import { clockAt, scalarsAt, seedAt } from '../step-inputs'
import type { ReplayTask } from './replay'
import { openStart, rollbacksIn, type Start, type StoredState } from './start'

/** A stored run that is run again from one of its states on; nothing of it is written. */
export interface Rerun extends Attempting {
  /** The state that it began with: after which step, and what it was kept as. */
  readonly start: { step: number; kind: Start['kind'] }
  /** The next step as it was the first time: with its changes before it, and with the way back behind it. */
  advance(before: Before<void>): Promise<Attempt<void>>
  /** Programs of their own over a copy of the state as it is now: whatever they do, the steps are not touched by it. */
  observe(): Programs
  dispose(): void
}

/** Opens a run behind the newest stored state that the steps of a range can be run again from. */
export async function openRerun(
  { folder, experiment, events, opened }: ReplayTask,
  range: StepRange,
  stored: readonly StoredState[]
): Promise<Rerun> {
  const { model, parts, preparation, makeBatch } = opened
  const chain = buildChain(experiment.gradients, model.parameters)
  const rollbacks = rollbacksIn(events)
  const start = await openStart(folder, range, stored, rollbacks, async () => {
    const weights = await initialize(keptPath(folder), experiment, opened)
    return { ...weights, chainState: chain.init(weights.parameters) }
  })
  const { position, kind } = start
  const { step } = position
  const changes = inOrder(events.filter((event) => event.type === 'changed'))
  const options = {
    functions: writePrograms(
      { ...opened, hasHistograms: false, maxUpdateRatio: experiment.guard.maxUpdateRatio },
      chain
    ),
    sampleShape: preparation.sampleShape
  }
  // What ran kernel after kernel for a reason rounds otherwise than what was compiled.
  const ran = events.findLast((event) => event.type === 'compiled' && event.step <= range.to)
  const wasEager = ran?.type === 'compiled' && !ran.compiled
  const programs = openPrograms({ ...options, state: start.state, ...(wasEager && { mayCompile: false }) })
  let observing: Programs | undefined
  const run = {
    position,
    current: changes
      .filter((change) => change.step <= step)
      .reduce((current, { path, to }) => changeLive(current, path, to), experiment),
    repeated: changes.filter((change) => change.step > step),
    parts,
    feeder: feedInPlace(makeBatch),
    chain,
    model,
    programs
  }
  const earlier = new Map<number, Snapshot>(start.earlier.map((each) => [each.position.step, each]))

  /**
   * A compiled step is compared with what it gives kernel after kernel when it first runs. That must not be on a batch that
   * breaks it, where both may differ in what is not finite: it was not the first time either.
   */
  function proveOnFirstBatch(): void {
    const { count } = parts.train
    const { batchSize } = run.current.training
    const scalars = scalarsAt(run, run.current, clockAt(startPosition(), count, batchSize))
    const endsEpoch = position.offset + (range.to - step) * batchSize >= count
    for (const size of [Math.min(batchSize, count), endsEpoch ? count % batchSize : 0]) {
      if (size === 0) continue
      const state = copyOf(programs.state)
      const batch = makeBatch({ epoch: 0, offset: 0, size, step: 0 })
      programs.train({ ...batch, seed: seedAt(experiment, 0) }, scalars)
      programs.replace(state)
    }
  }
  /** Keeps the state as it is now where the run goes back to it later. */
  function keepForLater(): void {
    const isWanted = rollbacks.some(({ rollback }) => rollback.backTo === position.step)
    if (isWanted && !earlier.has(position.step))
      earlier.set(position.step, { position: structuredClone(position), state: copyOf(programs.state) })
  }
  /** Goes back where the run did. */
  function goBack(): void {
    const back = rollbacks.find((event) => event.step === position.step)?.rollback
    const good = back && earlier.get(back.backTo)
    if (!good) return
    programs.replace(copyOf(good.state))
    position.updates = good.position.updates
    position.rateFactor = back.rateFactor
  }
  proveOnFirstBatch()
  return Object.assign(run, {
    start: { step, kind },
    observe() {
      const state = copyOf(programs.state)
      if (observing) observing.replace(state)
      else observing = openPrograms({ ...options, state })
      return observing
    },
    async advance(before: Before<void>) {
      applyRepeated(run)
      keepForLater()
      const attempted = await attempt(run, before)
      if (attempted.refusal) goBack()
      if (position.offset >= parts.train.count) closeEpoch(position)
      return attempted
    },
    dispose() {
      programs.dispose()
      observing?.dispose()
      for (const { state } of earlier.values()) tf.dispose(tensorsOf(state))
    }
  })
}
