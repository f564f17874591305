import { readFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { SettingsStore } from '../../application/ports'
import { storageFailure } from '../../storage/failure'

/** Name of the file, without its extension; the same for every library that writes it. */
export const SETTINGS_NAME = 'settings'

/** What conf and electron-store have in common: an object that is a file. */
export interface StoredObject {
  store: Record<string, unknown>
}

/**
 * Settings in `settings.json` of a folder, which `open` opens. A file that is not JSON is kept aside as
 * `settings.json.corrupt-<time>`, and nothing is set then.
 */
export function createSettingsStore(folder: string, open: () => Promise<StoredObject>): SettingsStore {
  const path = join(folder, `${SETTINGS_NAME}.json`)

  /** Opened anew each time: another process may have written it. */
  async function use<Result>(task: (file: StoredObject) => Result): Promise<Result> {
    try {
      try {
        return task(await open())
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
        await rename(path, `${path}.corrupt-${new Date().toISOString().replace(/[:.]/g, '-')}`)
        return task(await open())
      }
    } catch (error) {
      throw storageFailure(error, path)
    }
  }
  return {
    read: () => use(({ store }) => store),
    write: (value) => use((file) => void (file.store = value))
  }
}

/** Settings as the browser and the terminal keep them; the library is loaded when it is first needed. */
export const openSettings = (folder: string, projectVersion: string): SettingsStore =>
  createSettingsStore(folder, async () => {
    const { default: Conf } = await import('conf')
    return new Conf({ cwd: folder, configName: SETTINGS_NAME, projectVersion })
  })

/**
 * One setting as it lies on the disk, for what must be known before anything is opened; undefined where there is
 * none, or where the file cannot be read, which whoever opens it is told.
 */
export function peekSetting(folder: string, name: string): unknown {
  try {
    const stored: unknown = JSON.parse(readFileSync(join(folder, `${SETTINGS_NAME}.json`), 'utf8'))
    return (stored as Record<string, unknown> | null)?.[name]
  } catch {
    return undefined
  }
}
