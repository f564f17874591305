import * as tf from '@tensorflow/tfjs-core'
import { isSpike } from '#contract/health'
import type { Change } from '../health/diagnose'
import { writeCheckpoint, writeGoodState, type Checkpoint } from './checkpoint'
import type { Session } from './session'
import { copyOf, tensorsOf, type TrainState } from './step'

/** A crash costs at most this much training. */
const CHECKPOINT_INTERVAL_MS = 30_000

/** The checkpoint that a session writes while its loop goes on; one at a time. */
export interface Writing {
  /** Settles when it is in place or has failed; it never rejects. */
  underWay?: Promise<void>
  /** Why one could not be written: the run must end with it. */
  failure?: { error: unknown }
  /** Time at which the newest one was begun. */
  begun: number
  /** Step of the good state that was kept last. */
  goodStep?: number
}

/** Nothing is being written, and the first checkpoint is due an interval from now. */
export const startWriting = (): Writing => ({ begun: performance.now() })

/** Waits until no checkpoint is under way. @throws what one failed with, `storage.*` */
export async function settleCheckpoint({ writing }: Session): Promise<void> {
  await writing.underWay
  if (writing.failure) throw writing.failure.error
}

/** Writes a checkpoint of the session as it is and waits until it is in place. @throws Failure `storage.*` */
export async function checkpointNow(session: Session): Promise<void> {
  await checkpointAside(session)
  await settleCheckpoint(session)
}

/**
 * Begins a checkpoint of the session as it is now, as soon as the one before is in place; the loop goes on meanwhile.
 * @throws Failure `storage.*` where the one before failed
 */
export async function checkpointAside(session: Session): Promise<void> {
  await settleCheckpoint(session)
  begin(session)
}

/**
 * Begins a checkpoint if it is time for one and none is under way; else the next step asks again.
 * @throws Failure `storage.*` where one failed
 */
export function checkpointWhenDue(session: Session): void {
  const { writing } = session
  if (writing.failure) throw writing.failure.error
  if (!writing.underWay && performance.now() - writing.begun > CHECKPOINT_INTERVAL_MS) begin(session)
}

/**
 * Keeps the state that was good before the guard stopped the run, for those who want to see how it came about.
 * @throws Failure `storage.*`
 */
export async function keepGoodState(session: Session): Promise<void> {
  keepGood(session)
  await settleCheckpoint(session)
}

/** Keeps the good state aside where what was just found is a spike, which may be looked at as a guard stop is. */
export function keepBeforeSpike(session: Session, changes: readonly Change[]): void {
  if (changes.some(({ type, finding }) => type === 'found' && isSpike(finding))) keepGood(session)
}

/** Writes the good state, unless it is there already, as soon as what is being written now is in place. */
function keepGood(session: Session): void {
  const { folder, snapshots, earlyStopping, log, writing } = session
  if (!snapshots || snapshots.good.position.step === writing.goodStep) return
  const position = structuredClone(snapshots.good.position)
  const state = copyOf(snapshots.good.state)
  writing.goodStep = position.step
  write(writing, [state], async () => {
    const file = await writeGoodState(folder, { position, earlyStopping, state })
    log.event({ type: 'checkpoint', time: Date.now(), step: position.step, file, kept: true })
  })
}

function begin(session: Session): void {
  const { folder, earlyStopping, log, writing } = session
  // A checkpoint is never ahead of the rows and events that led to it.
  log.flush()
  log.sync()
  writing.begun = performance.now()
  const taken = take(session)
  const { step } = taken.position
  const keep = earlyStopping.bestStep === undefined ? [] : [earlyStopping.bestStep]
  write(writing, [taken.state, ...(taken.snapshots?.states ?? [])], async () => {
    const file = await writeCheckpoint(folder, taken, keep)
    session.checkpointStep = step
    log.event({ type: 'checkpoint', time: Date.now(), step, file })
  })
}

/** Does some writing behind what is under way, and lets go of the states that it was for. */
function write(writing: Writing, states: readonly TrainState[], work: () => Promise<void>): void {
  const mine = (writing.underWay ?? Promise.resolve())
    .then(work)
    .catch((error: unknown) => {
      writing.failure ??= { error }
    })
    .finally(() => {
      for (const state of states) tf.dispose(tensorsOf(state))
      if (writing.underWay === mine) writing.underWay = undefined
    })
  writing.underWay = mine
}

/** The session as it is now, under handles of its own: the engine keeps what later steps replace, and copies nothing. */
const take = ({ position, earlyStopping, programs, current, snapshots }: Session): Checkpoint => ({
  position: structuredClone(position),
  earlyStopping,
  state: copyOf(programs.state),
  ...(current.guard.nonFinite === 'rollback' && { snapshots: snapshots?.keep() })
})
