import type { WorkbenchEvent } from '#contract/events'

/** With more than this under way to a page, only the newest of what it can do without is kept for it. */
const PATIENCE_BYTES = 1 << 20
/** With more than this under way the page is let go; when it comes back, everything is in the run folder. */
const LIMIT_BYTES = 16 << 20
/** How often a page that fell behind is looked at. */
const LOOK_INTERVAL_MS = 50

/** The connection to one page. */
export interface Line {
  /** Bytes that were sent and not yet taken. */
  readonly bufferedAmount: number
  terminate(): void
}

/**
 * Announces events to a page that may read slower than a run tells, without growing. Of steps and progress only the
 * newest of each run waits for a page that fell behind: the gap shows in the steps' numbers, and the page fetches
 * what it missed from the run folder.
 */
export function announceTo(
  line: Line,
  announce: (event: WorkbenchEvent) => void
): { announce(event: WorkbenchEvent): void; stop(): void } {
  const waiting = new Map<string, WorkbenchEvent>()
  let timer: NodeJS.Timeout | undefined

  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
    waiting.clear()
  }
  const look = (): void => {
    if (line.bufferedAmount > PATIENCE_BYTES) return
    const events = [...waiting.values()]
    stop()
    events.forEach(announce)
  }

  return {
    announce(event) {
      if (line.bufferedAmount > LIMIT_BYTES) {
        stop()
        return line.terminate()
      }
      const place = placeOf(event)
      if (place === undefined || (line.bufferedAmount <= PATIENCE_BYTES && waiting.size === 0))
        return announce(event)
      waiting.set(place, event)
      timer ??= setInterval(look, LOOK_INTERVAL_MS)
    },
    stop
  }
}

/** Events with the same place replace each other; undefined for those that a page must hear. */
function placeOf(event: WorkbenchEvent): string | undefined {
  if (event.type === 'run.steps' || event.type === 'run.progress') return `${event.type} ${event.run}`
  return event.type === 'engine.progress' ? event.type : undefined
}
