import type { Scores } from '#contract/run'
import type { Diagnosis } from './diagnose'

/** Rows that are read at once. */
const ROWS_AT_ONCE = 4096

/** Stored rows, wherever they are stored. */
export interface StoredRows {
  readonly width: number
  rows(from: number, to: number): Promise<Float32Array>
}

/** Lets a diagnosis see what is stored of a run up to a step: it then stands as it stood when the run got there. */
export async function replay(
  diagnosis: Diagnosis,
  stored: StoredRows,
  epochs: readonly { step: number; scores: Scores }[],
  last: number
): Promise<void> {
  const scored = new Map(epochs.map(({ step, scores }) => [step, scores]))
  diagnosis.begin()
  for (let from = 1; from <= last; from += ROWS_AT_ONCE) {
    const to = Math.min(last, from + ROWS_AT_ONCE - 1)
    const rows = await stored.rows(from, to)
    for (let step = from; step <= to; step++) {
      const at = (step - from) * stored.width
      diagnosis.look(rows.subarray(at, at + stored.width), step)
      const scores = scored.get(step)
      if (scores) diagnosis.score(scores, step)
    }
  }
}
