import type { Experiment } from '#contract/experiment'
import { inOrder, withValueAt } from '#contract/live'
import type {
  RunEvent,
  RunEventOf,
  RunListing,
  RunProgress,
  RunState,
  Scores,
  StopReason
} from '#contract/run'

const endStates: Record<StopReason, RunState> = {
  completed: 'completed',
  stopped: 'stopped',
  guard: 'stoppedByGuard',
  early: 'stoppedEarly',
  interrupted: 'interrupted'
}

/** The state of a run after it has ended for a reason. */
export const stateAfter = (reason: StopReason): RunState => endStates[reason]

/** The state that a run's events tell; `held` says whether a process holds the run's lock. */
export function stateOf(events: readonly RunEvent[], held: boolean): RunState {
  const last = events.findLast(({ type }) => ['started', 'paused', 'resumed', 'ended'].includes(type))
  if (last?.type === 'ended') return stateAfter(last.summary.stopped)
  if (!held) return 'interrupted'
  if (!last) return 'preparing'
  return last.type === 'paused' ? 'paused' : 'running'
}

/** The last event of a type. */
export const lastOf = <Type extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: Type
): RunEventOf<Type> | undefined => events.findLast((event): event is RunEventOf<Type> => event.type === type)

/** The newest scores that a run's events hold. */
export function scoresOf(events: readonly RunEvent[]): Scores | undefined {
  const last = events.findLast(({ type }) => type === 'ended' || type === 'epoch')
  if (last?.type === 'epoch') return last.scores
  if (last?.type !== 'ended') return undefined
  const { train, validation, test } = last.summary
  return { ...(train && { train }), ...(validation && { validation }), ...(test && { test }) }
}

/** What the telemetry of a run cost, if it has ended and measured its layers. */
export function measuringOf(events: readonly RunEvent[]): RunListing['measuring'] {
  const summary = lastOf(events, 'ended')?.summary
  if (!summary?.measuring || summary.seconds === 0) return undefined
  const { telemetry, seconds } = summary.measuring
  return { telemetry, share: seconds / summary.seconds }
}

/** Where a run stands that no trainer of ours is at work on. */
export function progressOf(events: readonly RunEvent[], state: RunState): RunProgress {
  const started = lastOf(events, 'started')
  const step = events.reduce((largest, event) => Math.max(largest, event.step), 0)
  const ended = lastOf(events, 'ended')
  const measuring = measuringOf(events)
  return {
    state,
    step,
    steps: Math.max(started?.steps ?? 0, step),
    epoch: ended?.summary.epochs ?? lastOf(events, 'epoch')?.epoch ?? 0,
    stepsPerSecond: 0,
    memory: 0,
    ...(measuring && { measuringShare: measuring.share })
  }
}

/** An experiment with everything applied that changed while its run went on. */
export function applyChanges(experiment: Experiment, events: readonly RunEvent[]): Experiment {
  let current: unknown = experiment
  let { epochs } = experiment.training
  for (const event of inOrder(events)) {
    if (event.type === 'changed') current = withValueAt(current, event.path, event.to)
    // A run that is counted in steps stays so; what epochs add to it is known once it has started.
    if (event.type === 'extended' && epochs !== undefined)
      current = withValueAt(current, 'training.epochs', (epochs += event.epochs))
  }
  return current as Experiment
}
