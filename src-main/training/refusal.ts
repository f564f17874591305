import type { Message } from '#contract/messages'
import type { BatchPlace } from '#contract/refusal'
import type { RunEventOf } from '#contract/run'
import type { Refusal } from '../gradients/guard'
import type { Session } from './session'

/** A run in which nothing but refused steps follow one another cannot recover. */
const MOST_REFUSED_IN_A_ROW = 50
/** What a rollback leaves of the learning rate. */
const RATE_AFTER_ROLLBACK = 0.5

type GuardEvent = RunEventOf<'guard'>

/**
 * Does with a refused step what the experiment says: it is left out, or the run goes back to its last good state with a
 * smaller rate and goes on with later data. Says whether the run must stop instead, because the experiment says so, has
 * gone back often enough, or nothing but refused steps follow one another.
 */
export function answerRefusal(session: Session, refusal: Refusal, batch: BatchPlace): 'stop' | 'goOn' {
  const { position, current, snapshots } = session
  const { nonFinite, retries } = current.guard
  position.refused++
  position.refusedInARow++
  const { layer, tensor, reason } = refusal
  position.firstRefused ??= { step: position.step, layer, tensor, reason, batch }
  const isSpent = nonFinite === 'rollback' && position.rollbacks >= retries
  if (nonFinite === 'stop' || isSpent || position.refusedInARow >= MOST_REFUSED_IN_A_ROW) {
    const spent = { key: 'training.guard.spent', values: { ...placesOf(session, refusal), retries } } as const
    note(session, refusal, { action: 'stop', batch, ...(isSpent && { message: spent }) })
    return 'stop'
  }
  if (nonFinite === 'skip') {
    note(session, refusal, { action: 'skip', batch })
    return 'goOn'
  }
  if (!snapshots) throw new Error('a run that may go back keeps snapshots')
  const good = snapshots.goBack()
  session.programs.replace(good.state)
  // What was tried stays counted and the data goes on: the same data from another state does not explode.
  position.updates = good.position.updates
  position.rollbacks++
  position.rateFactor *= RATE_AFTER_ROLLBACK
  const backTo = good.position.step
  const told = { attempt: position.rollbacks, of: retries, rateFactor: position.rateFactor, backTo }
  const message: Message = {
    key: 'training.guard.rollback',
    values: {
      ...placesOf(session, refusal),
      ...told,
      first: batch.offset + 1,
      last: batch.offset + batch.count,
      epoch: batch.epoch + 1
    }
  }
  note(session, refusal, { action: 'rollback', batch, rollback: told, message })
  return 'goOn'
}

const placesOf = ({ position, current }: Session, { layer, tensor, ratio }: Refusal) => ({
  step: position.step,
  layer,
  tensor,
  ...(ratio !== undefined && {
    ratio: Number(ratio.toPrecision(3)),
    limit: current.guard.maxUpdateRatio ?? Infinity
  })
})

/** Notes a refused step in the log. */
function note(
  session: Session,
  refusal: Refusal,
  about: Pick<GuardEvent, 'action' | 'batch' | 'rollback'> & { message?: Message }
): void {
  const { log } = session
  const { reason, ...places } = refusal
  const { step } = session.position
  const message: Message = { key: `training.guard.${reason}`, values: placesOf(session, refusal) }
  log.flush()
  log.event({ type: 'guard', time: Date.now(), step, ...places, reason, message, ...about })
}
