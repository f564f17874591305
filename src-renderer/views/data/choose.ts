import { askFor } from './ask-for-files'
import { receiveFiles, receivePath, type Doors } from './receive'

/** Lets the user choose a file or a folder with data or a model, and shows what it holds. */
export const choose = (doors: Doors, what: 'data' | 'model', kind: 'file' | 'folder'): Promise<void> =>
  doors.session.attempt(async () => {
    const chosen = await askFor(doors.session, what, kind)
    if (!chosen) return
    if (what === 'model') {
      // Said to be a model: what keeps it from being one is told as such.
      doors.place.go('experiment')
      if ('path' in chosen) await doors.importing.openPath(chosen.path)
      else await doors.importing.openFiles(chosen.files)
    } else if ('path' in chosen) await receivePath(doors, chosen.path)
    else await receiveFiles(doors, chosen.files)
  })
