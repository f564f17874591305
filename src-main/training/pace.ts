import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RunProgress } from '#contract/run'

/** Messages leave at most 20 times a second: fast enough for the eye, slow enough for any window. */
const MESSAGE_INTERVAL_MS = 50
/** A step that is quick to run must not starve the requests that wait. */
const YIELD_INTERVAL_MS = 10
/** Steps whose times are remembered, for the median and the rate. */
const REMEMBERED_STEPS = 10_000
/** Steps over which the current rate is taken. */
const RATE_STEPS = 50

/** Watches the time of a loop: when to send, when to let requests in, how fast it goes. */
export interface Pace {
  /** Notes how long a step took. */
  note(milliseconds: number): void
  /** Says whether it is time to send what was gathered; saying so starts the next interval. */
  mustSend(): boolean
  /** Lets requests in when it is time. */
  breathe(): Promise<void>
  readonly stepsPerSecond: number
  readonly medianMilliseconds: number
}

export function createPace(now: () => number = () => performance.now()): Pace {
  let lastMessage = -Infinity
  let lastYield = now()
  const times: number[] = []
  let next = 0

  return {
    note(milliseconds) {
      times[next] = milliseconds
      next = (next + 1) % REMEMBERED_STEPS
    },
    mustSend() {
      if (now() - lastMessage < MESSAGE_INTERVAL_MS) return false
      lastMessage = now()
      return true
    },
    async breathe() {
      if (now() - lastYield < YIELD_INTERVAL_MS) return
      await nextTurn()
      lastYield = now()
    },
    get stepsPerSecond() {
      const count = Math.min(RATE_STEPS, times.length)
      let sum = 0
      for (let i = 1; i <= count; i++) sum += times[(next - i + times.length) % times.length]
      return sum === 0 ? 0 : (1000 * count) / sum
    },
    get medianMilliseconds() {
      const sorted = Float64Array.from(times).sort()
      return sorted.length === 0 ? 0 : sorted[Math.floor(sorted.length / 2)]
    }
  }
}

/** Seconds until so many steps are done; absent while no step was. */
export const secondsLeft = (steps: number, { stepsPerSecond }: Pace): RunProgress['secondsLeft'] =>
  stepsPerSecond === 0 ? undefined : steps / stepsPerSecond
