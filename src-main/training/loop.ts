import type { StopReason } from '#contract/run'
import { judgeStep } from '../gradients/guard'
import { addEpoch } from './epoch'
import { applyChanges } from './live-changes'
import { isReached, stepsPerEpoch } from './position'
import {
  checkpointNow,
  CHECKPOINT_INTERVAL_MS,
  noteCompiled,
  noteRefusal,
  sendProgress,
  timed
} from './report'
import { evidenceIn, isAccepted, layOutRows, scoresIn } from './measurements'
import type { Session } from './session'

/** A run in which nothing but refused steps follow one another cannot recover. */
const MOST_REFUSED_IN_A_ROW = 50

/** Trains until the goal is reached or something ends the run, and says what did. */
export async function train(session: Session): Promise<StopReason> {
  const { control, log, pace, position, parts, step, chain, model } = session
  let lastCheckpoint = performance.now()
  let refusedInARow = 0
  const writeRow = layOutRows(session.layers, model.parameters)

  while (!isReached(session.goal, position)) {
    // 1. What the user wishes, between two steps.
    if (control.paused !== session.isPaused) {
      if (control.paused) await checkpointNow(session)
      session.isPaused = !session.isPaused
      log.event({ type: session.isPaused ? 'paused' : 'resumed', time: Date.now(), step: position.step })
      sendProgress(session)
    }
    await control.permission()
    if (control.stopWish) return control.stopWish
    applyChanges(session)
    if (control.paused !== session.isPaused) continue

    // 2. The next samples in the order of this epoch.
    const { batchSize } = session.current.training
    const { epoch, offset } = position
    const batch = await session.feeder.next({ epoch, offset, size: batchSize, step: position.step })

    // 3. One step: forward, loss, gradients, chain, guard, update.
    const clock = {
      step: position.step,
      updates: position.updates,
      epoch: position.epoch + position.offset / parts.train.count,
      stepsPerEpoch: stepsPerEpoch(parts.train.count, batchSize)
    }
    const scalars = {
      ...chain.scalars(clock, session.current.gradients),
      ...model.scalars(session.current.model.layers)
    }
    const seed = [session.current.seed | 0, position.step] as const
    const { result: packed, milliseconds } = timed(position, () => step.run({ ...batch, seed }, scalars))

    // 4. What happened.
    position.step++
    noteCompiled(session)
    position.offset += batch.count
    const refusal = isAccepted(packed)
      ? undefined
      : judgeStep(evidenceIn(packed, model.parameters.length), model.parameters)
    if (!refusal) {
      const { loss, accuracy, mae } = scoresIn(packed)
      position.updates++
      position.running.loss += loss * batch.count
      position.running.right += accuracy * batch.count
      position.running.error += mae * batch.count
      position.running.samples += batch.count
    }
    const facts = {
      epoch: position.epoch + position.offset / parts.train.count,
      rate: chain.rate(clock, session.current.gradients),
      threshold: chain.threshold(session.current.gradients),
      refused: refusal !== undefined
    }
    log.row(writeRow(packed, facts))
    pace.note(milliseconds)

    // 5. A refused step changed nothing; the experiment says whether the run goes on.
    refusedInARow = refusal ? refusedInARow + 1 : 0
    if (refusal) {
      const mustStop = session.current.guard.nonFinite === 'stop' || refusedInARow >= MOST_REFUSED_IN_A_ROW
      noteRefusal(session, refusal, mustStop ? 'stop' : 'skip')
      if (mustStop) return 'guard'
    }

    // 6. The end of an epoch: scores, a checkpoint, perhaps an early end.
    if (position.offset >= parts.train.count) {
      const ending = await addEpoch(session)
      lastCheckpoint = performance.now()
      if (ending) return ending
    } else if (performance.now() - lastCheckpoint > CHECKPOINT_INTERVAL_MS) {
      await checkpointNow(session)
      lastCheckpoint = performance.now()
    }

    // 7. Tell, and let requests in.
    if (pace.mustSend() || session.isPaused) sendProgress(session)
    await pace.breathe()
  }
  return 'completed'
}
