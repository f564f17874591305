import { Failure } from '#contract/failure'
import { isSpike } from '#contract/health'
import {
  brokenStepOf,
  MOST_REPLAYED_STEPS,
  REPLAYED_STEPS,
  type ExaminedStep,
  type StepRange
} from '#contract/replay'
import type { RunEvent } from '#contract/run'
import { columnOf } from '#contract/step-rows'
import type { RowReader } from '../../storage/rows'

/** So many steps have their samples looked at one by one. */
const MOST_EXAMINED = 4

/**
 * The steps that are run again: those that are wanted, else the last ones up to where the run broke, else its last ones.
 * @throws Failure `replay.noSteps`, `replay.outOfRange`, `replay.tooMany`
 */
export function rangeOf(
  wanted: StepRange | undefined,
  events: readonly RunEvent[],
  last: number,
  path: string
): StepRange {
  if (last === 0) throw new Failure('replay.noSteps', { path })
  if (!wanted) {
    const to = Math.min(brokenStepOf(events) ?? last, last)
    return { from: Math.max(1, to - REPLAYED_STEPS + 1), to }
  }
  const { from, to } = wanted
  if (from < 1 || to < from || to > last) throw new Failure('replay.outOfRange', { from, to, last, path })
  const count = to - from + 1
  if (count > MOST_REPLAYED_STEPS) throw new Failure('replay.tooMany', { count, most: MOST_REPLAYED_STEPS })
  return wanted
}

/**
 * The steps of a range whose samples are worth a look: refused ones and spikes, and where one spiked also the one with the
 * largest gradient up to there, which may have done it; the last ones where they are many.
 */
export async function examinedSteps(
  { from, to }: StepRange,
  events: readonly RunEvent[],
  rows: RowReader
): Promise<Map<number, ExaminedStep['reason']>> {
  const found = new Map<number, ExaminedStep['reason']>()
  for (const event of events) {
    if (event.step < from || event.step > to) continue
    if (event.type === 'finding' && isSpike(event.finding) && !found.has(event.step))
      found.set(event.step, 'spike')
    if (event.type === 'guard') found.set(event.step, 'refused')
  }
  const lastSpike = Math.max(0, ...[...found].flatMap(([step, reason]) => (reason === 'spike' ? [step] : [])))
  const largest = lastSpike && (await stepOfLargestGradient({ from, to: lastSpike }, rows))
  if (largest && !found.has(largest)) found.set(largest, 'largestGradient')
  return new Map([...found].sort(([a], [b]) => a - b).slice(-MOST_EXAMINED))
}

async function stepOfLargestGradient({ from, to }: StepRange, rows: RowReader): Promise<number> {
  const values = await rows.rows(from, to)
  const normAt = (row: number): number => values[row * rows.width + columnOf('gradientBefore')]
  let largest = 0
  for (let row = 1; row <= to - from; row++) if (normAt(row) > normAt(largest)) largest = row
  return from + largest
}
