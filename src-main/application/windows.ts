import type { RunEvent } from '#contract/run'
import type { StepWindow } from '#contract/step-rows'
import { openSteps } from '../storage/run-rows'
import { lastOf } from './history'

/** What part of a run's steps is wanted, in how many buckets at most. */
export interface WindowRequest {
  from?: number
  to?: number
  points: number
}

/**
 * Steps of a run reduced for drawing, also while its trainer adds to them: the trainer keeps every row on disk that
 * it has told of. A run without steps has an empty window.
 */
export async function readWindow(
  folder: string,
  events: readonly RunEvent[],
  { from, to, points }: WindowRequest
): Promise<StepWindow> {
  const rows = await openSteps(folder, lastOf(events, 'started')?.layers.length)
  try {
    const { width, last } = rows
    const end = Math.min(to ?? last, last)
    const buckets = await rows.window(Math.max(from ?? 1, 1), end, points)
    return {
      from: buckets[0]?.first ?? Math.max(from ?? 1, 1),
      to: end,
      last,
      width,
      steps: Float64Array.from(buckets, ({ first }) => first),
      minima: joined(buckets.map(({ minima }) => minima)),
      maxima: joined(buckets.map(({ maxima }) => maxima))
    }
  } finally {
    await rows.close()
  }
}

function joined(parts: Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
