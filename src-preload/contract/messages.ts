import { en, zhCN } from './locales'

/** Every sentence a user can read has a key here; its text lives in `locales/<language>/<area>.json`. */
export type MessageKey = keyof typeof en
/** What a sentence may mention: `{name}` in the text is replaced by `values.name`, which may be a sentence itself. */
export type MessageValues = Record<string, string | number | Message>
/** A sentence that has not been put into a language yet; this is what crosses process borders. */
export interface Message {
  key: MessageKey
  values?: MessageValues
}

export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]

const texts: Record<Language, Record<MessageKey, string>> = { en, 'zh-CN': zhCN }

/** Says whether a string is a known message key. */
export const isMessageKey = (key: string): key is MessageKey => Object.hasOwn(en, key)

/**
 * Puts a message into words. Numbers are written with the digits and grouping of the language;
 * strings are inserted as they are. A placeholder without a value stays visible, so that a test can find it.
 */
export function say(language: Language, key: MessageKey, values: MessageValues = {}): string {
  return texts[language][key].replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name]
    if (value === undefined) return placeholder
    if (typeof value === 'object') return say(language, value.key, value.values)
    return typeof value === 'number' ? writeNumber(language, value) : value
  })
}

/** The supported language that fits a locale name such as `zh_CN.UTF-8` or `en-GB`; English where none does. */
export const languageOf = (locale: string | undefined): Language =>
  locale?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'

function writeNumber(language: Language, value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const magnitude = Math.abs(value)
  if (magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e15)) return value.toExponential(2)
  return value.toLocaleString(language, { maximumFractionDigits: 4 })
}
