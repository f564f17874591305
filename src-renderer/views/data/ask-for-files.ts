import { filesOfInput, type Picked } from '../../state/picked-files'
import type { Session } from '../../state/session.svelte'

/**
 * Lets the user choose files that belong together, or a folder with all that is in it, in the browser's own dialog; none
 * when they do not.
 */
export function askForFiles(what: 'file' | 'folder'): Promise<Picked[]> {
  const input = document.createElement('input')
  input.type = 'file'
  // A TensorFlow.js model is its description and the weights beside it.
  input.multiple = true
  input.webkitdirectory = what === 'folder'
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(filesOfInput(input.files ?? [])))
    input.addEventListener('cancel', () => resolve([]))
    input.click()
  })
}

/** What the user chose: a path of this machine in Electron, the files themselves in a browser; undefined for nothing. */
export async function askFor(
  session: Session,
  what: 'data' | 'model',
  kind: 'file' | 'folder'
): Promise<{ path: string } | { files: Picked[] } | undefined> {
  if (session.about?.shell !== 'electron') {
    const files = await askForFiles(kind)
    return files.length > 0 ? { files } : undefined
  }
  const { path } = await session.call('desktop.choose', { what: kind === 'file' ? what : `${what}Folder` })
  return path === null ? undefined : { path }
}
