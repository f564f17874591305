import type { WorkbenchEvent } from '#contract/events'
import { settings, type Settings, type SettingsChange } from '#contract/settings'
import type { SettingsStore } from './ports'
import { createQueue } from './queue'

/** What the user prefers. */
export interface Preferences {
  read(): Promise<Settings>
  /** Settles when the change is on disk, and announces it. */
  change(changed: SettingsChange): Promise<Settings>
  /** Keeps the library's folder for every start from now on; undefined = the system's own place. */
  keepLibrary(folder: string | undefined): Promise<void>
}

/** Preferences in a store; a value that is no setting counts as not set, and words of other versions are kept. */
export function createPreferences(
  store: SettingsStore,
  announce: (event: WorkbenchEvent) => void
): Preferences {
  const inTurn = createQueue()
  const change = (edit: (stored: Record<string, unknown>) => Record<string, unknown>): Promise<Settings> =>
    inTurn(async () => {
      const stored = edit(asRecord(await store.read()))
      await store.write(stored)
      const current = settingsIn(stored)
      announce({ type: 'settings.changed', settings: current })
      return current
    })
  return {
    read: async () => settingsIn(await store.read()),
    change: (changed) => change((stored) => ({ ...stored, ...changed })),
    async keepLibrary(folder) {
      await change((stored) => {
        const others = Object.entries(stored).filter(([name]) => name !== 'library')
        return { ...Object.fromEntries(others), ...(folder !== undefined && { library: folder }) }
      })
    }
  }
}

/** One wrong value must not cost the others. */
function settingsIn(value: unknown): Settings {
  const stored = asRecord(value)
  const fitting = Object.entries(settings.shape).filter(
    ([name, schema]) => schema.safeParse(stored[name]).success
  )
  return settings.parse(Object.fromEntries(fitting.map(([name]) => [name, stored[name]])))
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
