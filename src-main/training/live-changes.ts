import { optimizerOf } from '#contract/experiment'
import { changeLive, valueAt } from '#contract/live'
import type { Session } from './session'

/** What changes live. */
type Changing = Pick<Session, 'position' | 'current' | 'repeated'>

/**
 * Applies the changes that are due before the next step: those that an earlier sitting made at this step, then those
 * that wait. A new one is on disk before it is acknowledged.
 */
export function applyChanges(session: Session): void {
  const step = session.position.step + 1
  applyRepeated(session)
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

/** Applies the changes that are known already and due before the next step. */
export function applyRepeated(run: Changing): void {
  const step = run.position.step + 1
  while (run.repeated.length > 0 && run.repeated[0].step <= step) {
    const { path, to } = run.repeated[0]
    put(run, path, changeLive(run.current, path, to))
    run.repeated.shift()
  }
}

/** A rate that is set anew is the rate, whatever rollbacks left of the one before. */
function put(session: Changing, path: string, changed: Session['current']): void {
  session.current = changed
  if (path === `gradients.${optimizerOf(changed).index}.rate`) session.position.rateFactor = 1
}
