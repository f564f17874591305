import type { Session } from '../../state/session.svelte'
import type { Place } from '../../state/view.svelte'

/** Says whether the draft can be trained now. */
export const mayStart = (session: Session): boolean =>
  session.connection === 'open' && !session.busy && session.draft.experiment !== undefined

/** Starts the draft as a new run; where others are at work, asks first what shall become of them. */
export function startOrAsk(session: Session, place: Place): void {
  if (session.active.length > 0) place.sheet = 'starting'
  else void session.start()
}
