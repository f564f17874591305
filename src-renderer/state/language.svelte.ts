import { Failure } from '#contract/failure'
import {
  languageOf,
  say,
  type Language,
  type Message,
  type MessageKey,
  type MessageValues
} from '#contract/messages'
import type { Settings } from '#contract/settings'

/** The language of the window; everything said is said through it. */
export class Speech {
  readonly #preferences: { readonly current: Pick<Settings, 'language'> }
  readonly #system: Language

  readonly language: Language = $derived.by(() => {
    const { language } = this.#preferences.current
    return language === 'system' ? this.#system : language
  })

  /** Follows the preferences as they change; `systemLanguage` is a locale name. */
  constructor(preferences: { readonly current: Pick<Settings, 'language'> }, systemLanguage: string) {
    this.#preferences = preferences
    this.#system = languageOf(systemLanguage)
  }

  /** A sentence in the current language. */
  say = (key: MessageKey, values?: MessageValues): string => say(this.language, key, values)

  /** A sentence that came from elsewhere. */
  tell = ({ key, values }: Message): string => say(this.language, key, values)

  /** What an error has to say to a user. */
  explain = (error: unknown): string => {
    if (error instanceof Failure) return say(this.language, error.key, error.values)
    return this.say('window.bug', { problem: error instanceof Error ? error.message : String(error) })
  }
}
