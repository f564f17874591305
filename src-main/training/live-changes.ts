import { optimizerOf } from '#contract/experiment'
import { changeLive, valueAt } from '#contract/live'
import type { Session } from './session'

/**
 * Applies the changes that are due before the next step: those that an earlier sitting made at this step, then those
 * that wait. A new one is on disk before it is acknowledged.
 */
export function applyChanges(session: Session): void {
  const step = session.position.step + 1
  while (session.repeated.length > 0 && session.repeated[0].step <= step) {
    const { path, to } = session.repeated[0]
    put(session, path, changeLive(session.current, path, to))
    session.repeated.shift()
  }
  for (const { path, value, done, failed } of session.control.takeChanges()) {
    try {
      const changed = changeLive(session.current, path, value)
      const from = valueAt(session.current, path)
      session.log.event({ type: 'changed', time: Date.now(), step, path, from, to: value })
      put(session, path, changed)
      done(step)
    } catch (error) {
      failed(error)
    }
  }
}

/** A rate that is set anew is the rate, whatever rollbacks left of the one before. */
function put(session: Session, path: string, changed: Session['current']): void {
  session.current = changed
  if (path === `gradients.${optimizerOf(changed).index}.rate`) session.position.rateFactor = 1
}
