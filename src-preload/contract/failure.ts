import { isMessageKey, say, type MessageKey, type MessageValues } from './messages'

/** `input`: the user gave something that cannot be used (exit code 2). `engine`: no engine can run (exit code 4). */
export type FailureKind = 'input' | 'engine'

/** A failure as it crosses a process border. */
export interface FailureRecord {
  key: MessageKey
  values: MessageValues
  kind: FailureKind
}

/** The one type for errors that a user can cause or must act on. Anything else thrown is a bug and keeps its stack. */
export class Failure extends Error {
  override readonly name = 'Failure'

  constructor(
    readonly key: MessageKey,
    readonly values: MessageValues = {},
    readonly kind: FailureKind = 'input'
  ) {
    super(say('en', key, values))
  }

  /** The plain form that crosses a wire. */
  toRecord(): FailureRecord {
    return { key: this.key, values: this.values, kind: this.kind }
  }
}

/** The failure that a record was made from; an unknown key (another version on the other side) becomes a bug. */
export function failureOf(record: FailureRecord): Error {
  if (!isMessageKey(record.key)) return new Error(`unknown failure: ${String(record.key)}`)
  return new Failure(record.key, record.values, record.kind)
}
