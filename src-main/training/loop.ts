import type { StopReason } from '#contract/run'
import { attempt } from './attempt'
import { checkpointNow, checkpointWhenDue, keepBeforeSpike } from './checkpointing'
import { addEpoch } from './epoch'
import { applyChanges } from './live-changes'
import { isReached } from './position'
import { noteChanges, noteCompiled, sendProgress } from './report'
import { layOutRows, scoresIn } from './measurements'
import { answerRefusal } from './refusal'
import { measureStep } from './measuring'
import type { Session } from './session'

/** Trains until the goal is reached or something ends the run, and says what did. */
export async function train(session: Session): Promise<StopReason> {
  const { control, log, pace, position, parts, model } = session
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

    // 2. One step over the next samples of the epoch: forward, loss, gradients, chain, guard, update.
    const { seen, packed, refusal, facts, place, milliseconds } = await attempt(session, (batch, scalars) =>
      measureStep(session, batch, scalars)
    )

    // 3. What happened.
    noteCompiled(session)
    const row = writeRow(packed, facts)
    log.row(row)
    const changes = session.diagnosis.look(row, position.step, seen)
    noteChanges(session, changes)
    keepBeforeSpike(session, changes)
    pace.note(milliseconds)

    // 4. A refused step changed nothing; the experiment says whether and from where the run goes on.
    if (refusal && answerRefusal(session, refusal, place) === 'stop') return 'guard'
    session.snapshots?.note(position, refusal ? undefined : scoresIn(packed).loss)

    // 5. The end of an epoch: scores, a checkpoint, perhaps an early end.
    if (position.offset >= parts.train.count) {
      const ending = await addEpoch(session)
      if (ending) return ending
    } else checkpointWhenDue(session)

    // 6. Tell, and let requests in.
    if (pace.mustSend() || session.isPaused) sendProgress(session)
    await pace.breathe()
  }
  return 'completed'
}
