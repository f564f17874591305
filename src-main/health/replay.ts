import type { Scores } from '#contract/run'
import type { Diagnosis } from './diagnose'

/** Rows that are read at once: many of the narrow ones of steps, few of measurements, which may hold histograms. */
const STEPS_AT_ONCE = 4096
const MEASUREMENTS_AT_ONCE = 64

/** Stored rows, wherever they are stored. */
export interface StoredRows {
  readonly width: number
  /** Number of the last one; 0 = none. */
  readonly last: number
  rows(from: number, to: number): Promise<Float32Array>
}

/** What is stored of a run. */
export interface StoredRun {
  steps: StoredRows
  measures: StoredRows
  epochs: readonly { step: number; scores: Scores }[]
}

/** Lets a diagnosis see what is stored of a run up to a step: it then stands as it stood when the run got there. */
export async function replay(
  diagnosis: Diagnosis,
  { steps, measures, epochs }: StoredRun,
  last: number
): Promise<void> {
  const scored = new Map(epochs.map(({ step, scores }) => [step, scores]))
  const measurements = readOneByOne(measures)
  let measured = await measurements.next()
  diagnosis.begin()
  for (let from = 1; from <= last; from += STEPS_AT_ONCE) {
    const to = Math.min(last, from + STEPS_AT_ONCE - 1)
    const rows = await steps.rows(from, to)
    for (let step = from; step <= to; step++) {
      const at = (step - from) * steps.width
      const isMeasured = !measured.done && measured.value[0] === step
      diagnosis.look(rows.subarray(at, at + steps.width), step, isMeasured ? measured.value : undefined)
      // The first number of a measurement is that of its step.
      while (!measured.done && measured.value[0] <= step) measured = await measurements.next()
      const scores = scored.get(step)
      if (scores) diagnosis.score(scores, step)
    }
  }
}

/** Stored rows one after the other. */
async function* readOneByOne({ width, last, rows }: StoredRows): AsyncGenerator<Float32Array, undefined> {
  for (let from = 1; from <= last; from += MEASUREMENTS_AT_ONCE) {
    const to = Math.min(last, from + MEASUREMENTS_AT_ONCE - 1)
    const values = await rows(from, to)
    for (let at = 0; at + width <= values.length; at += width) yield values.subarray(at, at + width)
  }
}
