import type { ActiveEngine } from '#contract/engine'
import type { Message } from '#contract/messages'
import type { RunEvent } from '#contract/run'

/** What a sitting begins with. */
export interface Beginning {
  /** The step that it begins behind; 0 for a run that begins. */
  step: number
  engine: ActiveEngine
  /** What the steps before were computed with. */
  before: ActiveEngine | undefined
  batchSize: number
  /** Samples of the training part. */
  samples: number
}

/** What a user should know of a sitting that begins, though nothing is wrong enough to refuse it. */
export function noticesOf({ step, engine, before, batchSize, samples }: Beginning): Message[] {
  const notices: Message[] = []
  if (batchSize > samples) notices.push({ key: 'training.notice.batch', values: { batchSize, samples } })
  if (step > 0 && before) {
    const values = { step, before: describe(before), now: describe(engine) }
    if (describe(before) !== describe(engine)) notices.push({ key: 'training.notice.engine', values })
    else if (before.threads !== engine.threads) {
      const threads = { before: before.threads, now: engine.threads }
      notices.push({ key: 'training.notice.threads', values: { step, ...threads } })
    }
  }
  return notices
}

const describe = ({ name, library }: ActiveEngine): string => `${name} (${library})`

const starts = (events: readonly RunEvent[]): ActiveEngine[] =>
  events.filter((event) => event.type === 'started').map(({ engine }) => engine)

/** What the newest sitting in a log computed with. */
export const lastEngine = (events: readonly RunEvent[]): ActiveEngine | undefined => starts(events).at(-1)

/** The threads that the native engine had in the newest sitting that used it; undefined where none did. */
export const nativeThreadsOf = (events: readonly RunEvent[]): number | undefined =>
  starts(events).findLast(({ name }) => name === 'native-cpu' || name === 'native-gpu')?.threads
