import type { WorkbenchEvent } from '#contract/events'
import { settings, type Settings } from '#contract/settings'
import type { Call } from './link.svelte'

/** What the user prefers on this machine. A change is in force at once, here and in every other window. */
export class Preferences {
  readonly #call: Call
  #current = $state.raw<Settings>(settings.parse({}))

  constructor(call: Call) {
    this.#call = call
  }

  /** The settings in force; the defaults until they are read. */
  get current(): Settings {
    return this.#current
  }

  /** Takes over what is stored. */
  async read(): Promise<void> {
    this.#current = await this.#call('settings.read', {})
  }

  /** Changes some of them; takes the change back where it cannot be stored. @throws Failure that says why */
  async change(part: Partial<Settings>): Promise<void> {
    const before = this.#current
    this.#current = { ...before, ...part }
    try {
      this.#current = await this.#call('settings.change', part)
    } catch (error) {
      this.#current = before
      throw error
    }
  }

  /** Follows a change that was made in another window. */
  hear(event: WorkbenchEvent): void {
    if (event.type === 'settings.changed') this.#current = event.settings
  }
}
