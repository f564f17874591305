import type { Schedule } from '#contract/vocabulary'
import type { Clock } from '../transform'

/** What the code of a schedule's word must offer: the learning rate of the step that begins now. */
export type RateFunction<Use extends Schedule['use']> = (
  schedule: Extract<Schedule, { use: Use }>,
  clock: Clock
) => number

/** How far a run is, in the unit of a schedule, when a step begins and when it ends. */
export function positionOf(
  { unit }: { unit: 'epochs' | 'steps' },
  clock: Clock
): { begin: number; end: number } {
  if (unit === 'steps') return { begin: clock.step, end: clock.step + 1 }
  return { begin: clock.epoch, end: clock.epoch + 1 / clock.stepsPerEpoch }
}
