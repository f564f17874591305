import * as tf from '@tensorflow/tfjs-core'
import { Failure } from '#contract/failure'
import type { Replay } from '#contract/replay'
import type { RunEvent, RunEventOf } from '#contract/run'
import { listCheckpoints, readCheckpoint, readGoodState, type Checkpoint } from '../checkpoint'
import { startPosition } from '../position'
import type { Snapshot } from '../snapshots'
import { tensorsOf, type TrainState } from '../step'

/** A state that is stored of a run on its way. */
export interface StoredState {
  step: number
  kind: Exclude<Replay['start']['kind'], 'initial'>
}

/** The state that steps are run again from. */
export interface Start extends Snapshot {
  kind: Replay['start']['kind']
  /** Earlier states that it may go back to. They belong to the caller, as the state does. */
  earlier: Snapshot[]
}

type Rollback = RunEventOf<'guard'> & { rollback: NonNullable<RunEventOf<'guard'>['rollback']> }
/** The times that a run went back. */
export const rollbacksIn = (events: readonly RunEvent[]): Rollback[] =>
  events.filter((event): event is Rollback => event.type === 'guard' && event.rollback !== undefined)

/** What is stored of a run's states, in order; not what took the place of one, as the weights of the best epoch do. */
export async function storedStates(
  folder: string,
  events: readonly RunEvent[],
  restoresBest: boolean
): Promise<StoredState[]> {
  const restored = events.findLast(
    (event) => event.type === 'ended' && event.summary.stopped === 'early' && restoresBest
  )?.step
  const checkpoints = (await listCheckpoints(folder)).filter((step) => step !== restored)
  // A file that the log does not tell of is from before the run went back to a checkpoint.
  const good = new Set(
    events.flatMap((event) => (event.type === 'checkpoint' && event.kept ? [event.step] : []))
  )
  return [
    ...checkpoints.map((step) => ({ step, kind: 'checkpoint' as const })),
    ...[...good].map((step) => ({ step, kind: 'good' as const }))
  ].sort((a, b) => a.step - b.step)
}

/** Reads a stored state; undefined where its file is gone or damaged. The tensors belong to the caller. */
export async function readState(
  folder: string,
  { step, kind }: StoredState,
  withSnapshots = false
): Promise<Checkpoint | undefined> {
  try {
    return await (kind === 'good' ? readGoodState(folder, step) : readCheckpoint(folder, step, withSnapshots))
  } catch (error) {
    if (error instanceof Failure && ['storage.damaged', 'storage.notFound'].includes(error.key))
      return undefined
    throw error
  }
}

/**
 * The newest stored state that the steps from `from` to `to` can be run again from: before them, and with every state that
 * the run goes back to on the way. Without one it is that of the run's beginning, which `initial` makes.
 */
export async function openStart(
  folder: string,
  { from, to }: { from: number; to: number },
  stored: readonly StoredState[],
  rollbacks: readonly Rollback[],
  initial: () => Promise<TrainState>
): Promise<Start> {
  for (const candidate of stored.filter(({ step }) => step < from).reverse()) {
    const wanted = rollbacks
      .filter(({ step, rollback }) => step > candidate.step && step <= to && rollback.backTo < candidate.step)
      .map(({ rollback }) => rollback.backTo)
    const found = await readState(folder, candidate, wanted.length > 0)
    if (!found) continue
    const { position, state, snapshots } = found
    const earlier = (snapshots?.states ?? []).map((each, index) => ({
      position: snapshots?.about.positions[index] ?? startPosition(),
      state: each
    }))
    if (wanted.every((step) => earlier.some((each) => each.position.step === step)))
      return { position, state, kind: candidate.kind, earlier }
    for (const each of [state, ...earlier.map((snapshot) => snapshot.state)]) tf.dispose(tensorsOf(each))
  }
  return { position: startPosition(), state: await initial(), kind: 'initial', earlier: [] }
}
