import type { Library } from '../../state/library.svelte'
import type { Session } from '../../state/session.svelte'
import type { Place } from '../../state/view.svelte'
import { startOrAsk } from '../frame/start'
import type { Cell } from './cells'

/** What is needed to train a cell again. */
export interface Doors {
  session: Session
  library: Library
  place: Place
}

/** Puts the experiment of a cell into the editor; what was edited before can be taken back. */
export function openCell({ experiment }: Cell, { library, place }: Doors): void {
  library.use(experiment)
  place.go('experiment')
}

/** Trains a cell again where it can be watched; where other runs are at work, asks first what shall become of them. */
export function runCell({ experiment }: Cell, { session, library, place }: Doors): void {
  library.use(experiment)
  place.go('train')
  startOrAsk(session, place)
}
