import { Failure } from '#contract/failure'
import {
  languageOf,
  languages,
  say,
  type Language,
  type Message,
  type MessageKey,
  type MessageValues
} from '#contract/messages'
import type { Storage } from './preference'

const KEY = 'steadygrad.language'

/** The language of the window, kept between visits; everything said is said through it. */
export class Speech {
  #storage: Storage
  #language: Language = $state('en')

  constructor(storage: Storage, systemLanguage: string) {
    this.#storage = storage
    const kept = storage.getItem(KEY)
    this.#language = languages.find((language) => language === kept) ?? languageOf(systemLanguage)
  }

  get language(): Language {
    return this.#language
  }

  set language(language: Language) {
    this.#language = language
    this.#storage.setItem(KEY, language)
  }

  /** A sentence in the current language. */
  say = (key: MessageKey, values?: MessageValues): string => say(this.#language, key, values)

  /** A sentence that came from elsewhere. */
  tell = ({ key, values }: Message): string => say(this.#language, key, values)

  /** What an error has to say to a user. */
  explain = (error: unknown): string => {
    if (error instanceof Failure) return say(this.#language, error.key, error.values)
    return this.say('window.bug', { problem: error instanceof Error ? error.message : String(error) })
  }
}
