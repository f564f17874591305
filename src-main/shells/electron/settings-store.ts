import type { SettingsStore } from '../../application/ports'
import { createSettingsStore, SETTINGS_NAME } from '../node/settings-store'

/** Settings as Electron keeps them: the same file, in the same folder and format, as in the other shells. */
export const openElectronSettings = (folder: string, projectVersion: string): SettingsStore =>
  createSettingsStore(folder, async () => {
    const { default: ElectronStore } = await import('electron-store')
    return new ElectronStore({ cwd: folder, name: SETTINGS_NAME, projectVersion })
  })
