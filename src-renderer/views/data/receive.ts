import { useImporting, useLibrary, useOpening, usePlace, useSession } from '../../state/context'
import { experimentIn } from '../../state/experiment-file'
import type { Importing } from '../../state/importing.svelte'
import type { Library } from '../../state/library.svelte'
import { holdModel } from '../../state/model-file'
import type { Opening } from '../../state/opening.svelte'
import type { Picked } from '../../state/picked-files'
import type { Session } from '../../state/session.svelte'
import type { Place } from '../../state/view.svelte'

/** Where what a user brings may go. */
export interface Doors {
  session: Session
  place: Place
  library: Library
  opening: Opening
  importing: Importing
}

/** The doors of this window; to be asked for while a component is made. */
export const useDoors = (): Doors => ({
  session: useSession(),
  place: usePlace(),
  library: useLibrary(),
  opening: useOpening(),
  importing: useImporting()
})

/** Takes files that were chosen or dropped: an experiment and a model are opened as such, everything else is data. */
export async function receiveFiles(doors: Doors, files: readonly Picked[]): Promise<void> {
  const { place, library, opening, importing } = doors
  const [first] = files
  const experiment = files.length === 1 && first ? await experimentIn(first.file) : undefined
  if (experiment) {
    library.use(experiment)
    return place.go('experiment')
  }
  if (await holdModel(files)) {
    place.go('experiment')
    return importing.openFiles(files)
  }
  // In Electron a folder comes as a file without content.
  const known = first && importing.delivery.knownPathOf(first)
  if (known) return receivePath(doors, known)
  place.go('data')
  return opening.openFiles(files)
}

/** Takes what lies at a path of the workbench's machine: a model, or data. */
export async function receivePath(
  { session, place, opening, importing }: Doors,
  path: string
): Promise<void> {
  // A model that is damaged is one: importing it says what is wrong.
  const isModel = await session.call('model.inspect', { path }).then(
    (model) => model !== null,
    () => true
  )
  place.go(isModel ? 'experiment' : 'data')
  return isModel ? importing.openPath(path) : opening.openPath(path)
}
