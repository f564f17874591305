import type { MeasureWindow } from '#contract/measures'
import { openMeasured } from '../storage/run-rows'

/** A message has at most 64 KiB: so many numbers leave room for the rest. */
const MOST_NUMBERS = 15_000

/**
 * Measurements of a run's layers from number `from` on, else the newest ones; at least one, and no more than fit into a
 * message. Also while its trainer adds to them. None where a run measures none.
 */
export async function readMeasures(folder: string, from?: number): Promise<MeasureWindow> {
  const rows = await openMeasured(folder)
  try {
    const { width, last } = rows
    const most = Math.max(1, Math.floor(MOST_NUMBERS / (width || 1)))
    const first = Math.max(1, from ?? last - most + 1)
    const end = Math.min(last, first + most - 1)
    const values = await rows.rows(first, end)
    return { first, count: Math.max(0, end - first + 1), width, last, values: Float32Array.from(values) }
  } finally {
    await rows.close()
  }
}
