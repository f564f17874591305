// Sentences before anything is installed or built: the texts are read as they lie in the sources.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The language that the environment asks for.
 * @param {Record<string, string | undefined>} environment
 * @returns {'en' | 'zh-CN'}
 */
export function languageFrom(environment) {
  const { STEADYGRAD_LANGUAGE, LC_ALL, LC_MESSAGES, LANG } = environment
  const wanted =
    STEADYGRAD_LANGUAGE || LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale
  return wanted.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

/**
 * A function that puts a key of `start.json` into words.
 * @param {string} root
 * @param {'en' | 'zh-CN'} language
 * @returns {(key: string, values?: Record<string, string | number>) => string}
 */
export function speak(root, language) {
  const file = join(root, 'src-preload', 'contract', 'locales', language, 'start.json')
  /** @type {Record<string, string>} */
  const texts = JSON.parse(readFileSync(file, 'utf8'))
  return (key, values = {}) =>
    texts[`start.${key}`].replace(/\{(\w+)\}/g, (placeholder, name) => String(values[name] ?? placeholder))
}
