import type { GpuSample } from '#contract/engine'
import type { WorkbenchEvent } from '#contract/events'
import { isActive } from '#contract/run'
import type { Clock } from './ports'

/** Asking starts a program, and a status bar is read by people. */
const SAMPLE_INTERVAL_MS = 2_000

/** Looks at the graphics card while runs compute on it. */
export interface GpuWatch {
  hear(event: WorkbenchEvent): void
  end(): void
}

/**
 * Announces how busy the card is, every two seconds as long as a run is at work on it. A card that tells nothing is
 * not asked again before another run begins.
 */
export function watchGpu(
  sample: () => Promise<GpuSample | undefined>,
  clock: Clock,
  announce: (event: WorkbenchEvent) => void
): GpuWatch {
  const runs = new Set<string>()
  let callOff: (() => void) | undefined
  let isAsking = false

  async function look(): Promise<void> {
    callOff = undefined
    isAsking = true
    const found = await sample().finally(() => (isAsking = false))
    if (runs.size === 0) return
    announce({ type: 'gpu.sampled', ...(found && { sample: found }) })
    if (found) callOff = clock.after(SAMPLE_INTERVAL_MS, () => void look())
  }
  return {
    hear(event) {
      if (event.type !== 'run.listed') return
      const { id, engine, state } = event.listing
      if (engine !== 'native-gpu' || !isActive(state)) runs.delete(id)
      else if (!runs.has(id)) {
        runs.add(id)
        if (!callOff && !isAsking) void look()
      }
      if (runs.size === 0) {
        callOff?.()
        callOff = undefined
      }
    },
    end() {
      runs.clear()
      callOff?.()
      callOff = undefined
    }
  }
}
