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

/** Tells how steps run when that is not what was told last in this sitting. */
export function noteCompiled(session: Session): void {
  const { step, position, log } = session
  const { compiled, reason } = step
  if (session.toldCompiled === compiled || (!compiled && !reason)) return
  session.toldCompiled = compiled
  log.event({
    type: 'compiled',
    time: Date.now(),
    step: position.step,
    compiled,
    ...(reason && { reason })
  })
}

/** Tells once in a sitting why scores are not taken compiled on an engine that could. */
export function noteScoring(session: Session): void {
  const { scoring, position, log } = session
  const { reason } = scoring
  if (!reason || session.toldScoring) return
  session.toldScoring = true
  log.event({ type: 'scoredEagerly', time: Date.now(), step: position.step, reason })
}
