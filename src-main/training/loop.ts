import type { StopReason } from '#contract/run'
import { judgeStep } from '../gradients/guard'
import { checkpointNow, checkpointWhenDue } from './checkpointing'
import { addEpoch } from './epoch'
import { applyChanges } from './live-changes'
import { isReached, stepsPerEpoch } from './position'
import { noteChanges, noteCompiled, sendProgress, timed } from './report'
import { evidenceIn, isAccepted, layOutRows, scoresIn } from './measurements'
import { answerRefusal } from './refusal'
import { measureStep } from './measuring'
import type { Session } from './session'

/** Trains until the goal is reached or something ends the run, and says what did. */
export async function train(session: Session): Promise<StopReason> {
  const { control, log, pace, position, parts, programs, chain, model } = session
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
      stepsPerEpoch: stepsPerEpoch(parts.train.count, batchSize),
      rateFactor: position.rateFactor
    }
    const scalars = {
      ...chain.scalars(clock, session.current.gradients),
      ...model.scalars(session.current.model.layers)
    }
    const seed = [session.current.seed | 0, position.step] as const
    const measured = measureStep(session, { ...batch, seed }, scalars)
    const { result: packed, milliseconds } = timed(position, () =>
      programs.train({ ...batch, seed }, scalars)
    )

    // 4. What happened.
    position.step++
    noteCompiled(session)
    position.offset += batch.count
    const refusal = isAccepted(packed)
      ? undefined
      : judgeStep(
          evidenceIn(packed, model.parameters.length),
          model.parameters,
          session.current.guard.maxUpdateRatio
        )
    if (!refusal) {
      const { loss, accuracy, mae } = scoresIn(packed)
      position.updates++
      position.refusedInARow = 0
      position.running.loss += loss * batch.count
      position.running.right += accuracy * batch.count
      position.running.error += mae * batch.count
      position.running.samples += batch.count
    }
    const facts = {
      epoch: position.epoch + position.offset / parts.train.count,
      rate: chain.rate(clock, session.current.gradients),
      refused: refusal !== undefined
    }
    const row = writeRow(packed, facts)
    log.row(row)
    noteChanges(session, session.diagnosis.look(row, position.step, measured))
    pace.note(milliseconds)

    // 5. A refused step changed nothing; the experiment says whether and from where the run goes on.
    const place = {
      epoch: position.epoch,
      offset: position.offset - batch.count,
      count: batch.count
    }
    if (refusal && answerRefusal(session, refusal, place) === 'stop') return 'guard'
    session.snapshots?.note(position, refusal ? undefined : scoresIn(packed).loss)

    // 6. The end of an epoch: scores, a checkpoint, perhaps an early end.
    if (position.offset >= parts.train.count) {
      const ending = await addEpoch(session)
      if (ending) return ending
    } else checkpointWhenDue(session)

    // 7. Tell, and let requests in.
    if (pace.mustSend() || session.isPaused) sendProgress(session)
    await pace.breathe()
  }
  return 'completed'
}
