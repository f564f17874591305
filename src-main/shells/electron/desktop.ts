import { BrowserWindow, dialog, type OpenDialogOptions } from 'electron'
import { dirname } from 'node:path'
import type { DesktopPort } from '../../application/ports'

type Purpose = Parameters<DesktopPort['choose']>[0]

/** A dialog for a file, for a folder, or for a folder that may be made in it. */
const properties: Record<Purpose, OpenDialogOptions['properties']> = {
  data: ['openFile'],
  dataFolder: ['openDirectory'],
  model: ['openFile'],
  modelFolder: ['openDirectory'],
  library: ['openDirectory', 'createDirectory', 'promptToCreate'],
  export: ['openDirectory', 'createDirectory', 'promptToCreate']
}

/** The system's dialogs. The system does not remember where each of them was left, so that is done here. */
export function openDesktop(): DesktopPort {
  const left = new Map<Purpose, string>()
  return {
    async choose(what) {
      const options = { properties: properties[what], ...(left.has(what) && { defaultPath: left.get(what) }) }
      const window = BrowserWindow.getFocusedWindow()
      const { canceled, filePaths } = await (window
        ? dialog.showOpenDialog(window, options)
        : dialog.showOpenDialog(options))
      const path = canceled ? undefined : filePaths[0]
      if (path !== undefined) left.set(what, dirname(path))
      return path
    }
  }
}
