import type { Opening } from '../../state/opening.svelte'
import type { Session } from '../../state/session.svelte'
import type { Place } from '../../state/view.svelte'
import { askFor } from './ask-for-files'

/** Lets the user choose a file or a folder with data, and shows what it holds. */
export const chooseData = (
  { session, opening, place }: { session: Session; opening: Opening; place: Place },
  kind: 'file' | 'folder'
): Promise<void> =>
  session.attempt(async () => {
    const chosen = await askFor(session, 'data', kind)
    if (!chosen) return
    place.go('data')
    if ('path' in chosen) await opening.openPath(chosen.path)
    else await opening.openFiles(chosen.files)
  })
