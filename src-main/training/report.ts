import type { Message } from '#contract/messages'
import type { RunState } from '#contract/run'
import type { Change } from '../health/diagnose'
import { secondsLeft } from './pace'
import { stepsOf, type Position } from './position'
import type { Session } from './session'

/** Runs something and adds its time to the position; returns what it gave, and its milliseconds. */
export function timed<Result>(
  position: Position,
  work: () => Result
): { result: Result; milliseconds: number } {
  const started = performance.now()
  const result = work()
  const milliseconds = performance.now() - started
  position.seconds += milliseconds / 1000
  return { result, milliseconds }
}

/** Stores what was measured so far and says where the run stands. */
export function sendProgress(session: Session, activity?: Message): void {
  const { position, goal, parts, pace, current } = session
  session.log.flush()
  const steps = stepsOf(goal, position, parts.train.count, current.training.batchSize)
  const state: RunState = session.isPaused ? 'paused' : 'running'
  session.announce({
    type: 'progress',
    progress: {
      state,
      step: position.step,
      steps,
      epoch: position.epoch + position.offset / parts.train.count,
      stepsPerSecond: session.isPaused ? 0 : pace.stepsPerSecond,
      secondsLeft: secondsLeft(steps - position.step, pace),
      memory: process.memoryUsage.rss(),
      ...(position.measuringSeconds > 0 && { measuringShare: position.measuringSeconds / position.seconds }),
      activity
    }
  })
}

/** Notes in the log what was found, or is not to be seen any more. */
export function noteChanges({ log }: Session, changes: readonly Change[]): void {
  for (const change of changes) {
    const { finding } = change
    if (change.type === 'found') log.event({ type: 'finding', time: Date.now(), step: finding.step, finding })
    else {
      const { kind, layer } = finding
      log.event({
        type: 'withdrawn',
        time: Date.now(),
        step: change.step,
        kind,
        ...(layer !== undefined && { layer }),
        message: finding.message
      })
    }
  }
}

/** Tells how programs run when that is not what was told last in this sitting. */
export function noteCompiled(session: Session): void {
  const { programs, position, log, told } = session
  const at = { time: Date.now(), step: position.step }
  const compiled = programs.isCompiled('train')
  const { train, ...others } = programs.reasons
  if (told.compiled !== compiled && (compiled || train)) {
    told.compiled = compiled
    log.event({ type: 'compiled', ...at, compiled, ...(train && { reason: train }) })
  }
  for (const [program, reason] of Object.entries(others)) {
    if (told.eager.has(program)) continue
    told.eager.add(program)
    log.event({ type: 'ranEagerly', ...at, reason })
  }
}
