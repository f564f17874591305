import type { RunEvent, RunEventOf, RunState, StopReason } from '#contract/run'

/** How a run stands that ended for a reason. */
export const endStates: Record<StopReason, RunState> = {
  completed: 'completed',
  stopped: 'stopped',
  guard: 'stoppedByGuard',
  early: 'stoppedEarly',
  interrupted: 'interrupted'
}

/** The newest event of a type; undefined where there was none. */
export const lastOf = <Type extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: Type
): RunEventOf<Type> | undefined => events.findLast((event): event is RunEventOf<Type> => event.type === type)

/** Tells whether an event that was announced is one that is stored: those have the same text. */
export const identify = (event: RunEvent): string =>
  `${event.type} ${event.time} ${event.step} ${event.type === 'changed' ? event.path : ''}`
