import { isMessageKey, type MessageKey, type MessageValues } from '#contract/messages'
import { optionKey } from '#contract/option-texts'

/** What the fields of a form read and change. Paths are places in what is edited, such as `model.layers.0.units`. */
export interface Form {
  say(key: MessageKey, values?: MessageValues): string
  valueAt(path: string): unknown
  set(path: string, value: unknown): void
  remove(path: string): void
  /** Ends a row of changes that are undone together. */
  settle(): void
  /** Stays the same for an item of a list while it is edited and moved. */
  idOf(item: object): number
  /** What is known of what stands at a path, in a few words; undefined where nothing is. */
  noteOf?(path: string): string | undefined
  /** Better first values than the usual ones, by option. */
  hints: Record<string, unknown>
}

/** Label of an option, by its word or by its place where it belongs to none. */
export function labelOf(say: Form['say'], path: string, use: string | undefined, option: string): string {
  return say(optionKey(path, use, option, ''))
}

/** The line of help of an option. */
export function helpOf(say: Form['say'], path: string, use: string | undefined, option: string): string {
  return say(optionKey(path, use, option, '.help'))
}

/** Label of one of a few values, or of a word; a value without a label is shown as it is. */
export function valueLabel(say: Form['say'], value: string): string {
  const key = [`editor.value.${value}`, `vocabulary.${value}`].find(isMessageKey)
  return key ? say(key) : value
}

/** The line of help of a value that is a word. */
export function valueHelp(say: Form['say'], value: string): string | undefined {
  const key = `vocabulary.${value}.help`
  return isMessageKey(key) ? say(key) : undefined
}
