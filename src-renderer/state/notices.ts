import type { Message } from '#contract/messages'
import type { RunEvent } from '#contract/run'

/**
 * What a user should know of the newest sitting in a log, in its order: how it began, and why something is done the
 * slower way.
 */
export function noticesOf(events: readonly RunEvent[]): Message[] {
  const sitting = events.slice(events.findLastIndex((event) => event.type === 'started') + 1)
  return sitting.flatMap((event) => {
    if (event.type === 'notice') return event.message
    return 'reason' in event && typeof event.reason === 'object' ? event.reason : []
  })
}
