import { Failure } from '#contract/failure'
import { say, type Language, type MessageKey, type MessageValues } from '#contract/messages'
import { jsonLine } from './json-line'
import { createProgressLine, type Shown } from './progress'
import type { World } from './world'

/** Where a command's words go: results to stdout, or JSON lines there and every text to stderr. */
export interface Output {
  readonly language: Language
  readonly isJson: boolean
  /** A sentence in the user's language. */
  say(key: MessageKey, values?: MessageValues): string
  /** A line of the result, for people. */
  tell(line: string): void
  /** A line beside the result, for people. */
  note(line: string): void
  /** A line for programs; nothing without `--json`. */
  json(type: string, value: object): void
  progress(shown: Shown): void
  /** The last word on an error: a sentence, and for a bug its stack. */
  error(error: unknown): void
}

/** The output of one command. */
export function createOutput({ stdout, stderr, clock }: World, language: Language, isJson: boolean): Output {
  const line = createProgressLine(stderr, clock)
  const write = (stream: World['stdout'], text: string): void => {
    line.clear()
    stream.write(`${text}\n`)
  }
  const json = (type: string, value: object): void => {
    // The progress line need not go: it is on the other stream, and text for programs is not for a screen.
    if (isJson) stdout.write(`${jsonLine(language, type, value)}\n`)
  }
  return {
    language,
    isJson,
    say: (key, values) => say(language, key, values),
    tell: (text) => write(isJson ? stderr : stdout, text),
    note: (text) => write(stderr, text),
    json,
    progress: line.show,
    error(error) {
      if (error instanceof Failure) {
        const message = { key: error.key, values: error.values }
        write(stderr, say(language, error.key, error.values))
        json('error', { message, key: error.key })
      } else {
        const bug = error instanceof Error ? error : new Error(String(error))
        write(stderr, `${say(language, 'terminal.bug')}\n${bug.stack ?? bug.message}`)
        json('error', { message: bug.message, stack: bug.stack ?? '' })
      }
    }
  }
}
