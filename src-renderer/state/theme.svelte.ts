import type { Storage } from './preference'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const KEY = 'steadygrad.theme'

/** Light or dark as the system has it, or as the user wants it; kept between visits. */
export class Appearance {
  #storage: Storage
  #system: { readonly current: boolean }
  #theme: Theme = $state('system')

  /** `system.current` says whether the system is dark. */
  constructor(storage: Storage, system: { readonly current: boolean }) {
    this.#storage = storage
    this.#system = system
    const kept = storage.getItem(KEY)
    this.#theme = themes.find((theme) => theme === kept) ?? 'system'
  }

  get theme(): Theme {
    return this.#theme
  }

  set theme(theme: Theme) {
    this.#theme = theme
    this.#storage.setItem(KEY, theme)
  }

  /** Says whether the window is dark now. */
  get dark(): boolean {
    return this.#theme === 'system' ? this.#system.current : this.#theme === 'dark'
  }
}
