import type { Finding } from '#contract/health'
import type { Message } from '#contract/messages'
import type { RunState } from '#contract/run'
import type { Refusal } from '../gradients/guard'
import { writeCheckpoint } from './checkpoint'
import { secondsLeft } from './pace'
import { stepsOf, type Position } from './position'
import type { Session } from './session'

/** A crash costs at most this much training. */
export const CHECKPOINT_INTERVAL_MS = 30_000

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

/** Writes a checkpoint of the session as it is, with everything measured so far before it. */
export async function checkpointNow(session: Session): Promise<void> {
  const { folder, position, earlyStopping, programs, log } = session
  log.flush()
  log.sync()
  const keep = earlyStopping.bestStep === undefined ? [] : [earlyStopping.bestStep]
  const file = await writeCheckpoint(folder, { position, earlyStopping, state: programs.state }, keep)
  session.checkpointStep = position.step
  log.event({ type: 'checkpoint', time: Date.now(), step: position.step, file })
}

/** Notes a refused step in the log, and as a finding when it is the first of its kind in its layer. */
export function noteRefusal(
  session: Session,
  { reason, layer, tensor }: Refusal,
  action: 'stop' | 'skip'
): void {
  const { log, findings } = session
  const { step } = session.position
  const message: Message = { key: `training.guard.${reason}`, values: { step, layer, tensor } }
  log.flush()
  log.event({ type: 'guard', time: Date.now(), step, action, layer, tensor, reason, message })

  const kind: Finding['kind'] = reason === 'overflow' ? 'explodingGradient' : 'nonFinite'
  if (findings.some((known) => known.kind === kind && known.layer === layer)) return
  const finding: Finding = { kind, layer, step, severity: 'critical', cause: reason, message }
  findings.push(finding)
  log.event({ type: 'finding', time: Date.now(), step, finding })
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
