import type { Settings } from '#contract/settings'

/** Light or dark as the system has it, or as the user wants it. */
export class Appearance {
  readonly #preferences: { readonly current: Pick<Settings, 'theme'> }
  readonly #system: { readonly current: boolean }

  /** Follows the preferences as they change; `system.current` says whether the system is dark. */
  constructor(
    preferences: { readonly current: Pick<Settings, 'theme'> },
    system: { readonly current: boolean }
  ) {
    this.#preferences = preferences
    this.#system = system
  }

  get theme(): Settings['theme'] {
    return this.#preferences.current.theme
  }

  /** Says whether the window is dark now. */
  get dark(): boolean {
    return this.theme === 'system' ? this.#system.current : this.theme === 'dark'
  }
}
