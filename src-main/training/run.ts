import { join } from 'node:path'
import type { ActiveEngine } from '#contract/engine'
import { MODEL_FOLDER, type RunSummary, type StopReason } from '#contract/run'
import { writeSafetensors } from '../storage/safetensors'
import { readCheckpoint, streamed } from './checkpoint'
import { checkpointNow, keepGoodState, settleCheckpoint } from './checkpointing'
import { scoreEverything } from './epoch'
import { train } from './loop'
import { measuresLayers } from './measuring'
import { noticesOf } from './notices'
import { stepsOf } from './position'
import { noteChanges, sendProgress } from './report'
import { openSession, type Session, type SessionOptions } from './session'

/** File in `model/` with the weights a finished run ended with. */
const WEIGHTS_FILE = 'weights.safetensors'

/**
 * A run from its start, or from where it was left, to its end: the life around the loop. `hold` is given the session
 * as long as it is open, and nothing before its tensors go.
 */
export async function runToEnd(
  options: SessionOptions,
  hold: (session: Session | undefined) => void
): Promise<void> {
  const session = await openSession(options)
  hold(session)
  try {
    announceStart(session, options.engine)
    const stopped = await train(session)
    // The last steps may have gone by since the last message.
    sendProgress(session)
    await finish(session, stopped)
  } finally {
    hold(undefined)
    session.feeder.close()
    await session.writing.underWay
    session.log.close()
    session.snapshots?.dispose()
    session.programs.dispose()
  }
}

function announceStart(session: Session, engine: ActiveEngine): void {
  const { model, layers, measured, parts, position, goal, current, resumedFrom, facts } = session
  const { cleaned } = session.preparation
  session.log.event({
    type: 'started',
    time: Date.now(),
    step: position.step,
    ...(resumedFrom > 0 && { resumedFrom }),
    engine,
    model: model.summary,
    layers: [...layers],
    ...(measured.length > 0 && { measured: [...measured] }),
    samples: {
      train: parts.train.count,
      validation: parts.validation?.count ?? 0,
      test: parts.test.count
    },
    ...(cleaned.length > 0 && { cleaned }),
    facts,
    steps: stepsOf(goal, position, parts.train.count, current.training.batchSize),
    processId: process.pid
  })
  if (resumedFrom === 0) noteChanges(session, session.diagnosis.begin())
  const beginning = {
    step: position.step,
    engine,
    before: session.engineBefore,
    batchSize: current.training.batchSize,
    samples: parts.train.count
  }
  for (const message of noticesOf(beginning))
    session.log.event({ type: 'notice', time: Date.now(), step: position.step, message })
  // A graphics card's first step has its kernels compiled and its convolutions tried out, and blocks meanwhile.
  sendProgress(session, engine.name === 'native-gpu' ? { key: 'training.activity.kernels' } : undefined)
}

async function finish(session: Session, stopped: StopReason): Promise<void> {
  await settleCheckpoint(session)
  if (stopped === 'guard') await keepGoodState(session)
  const restored = stopped === 'early' && (await restoreBest(session))
  const byItself = stopped !== 'stopped' && stopped !== 'interrupted'
  const scores = byItself ? await scoreEverything(session) : session.scores
  // Restored weights take the place of the last ones under the same step.
  if (restored || session.checkpointStep !== session.position.step) await checkpointNow(session)
  await writeWeights(session)

  const ended = {
    type: 'ended',
    time: Date.now(),
    step: session.position.step,
    summary: { ...summaryOf(session, stopped), ...scores }
  } as const
  // An interrupted run has no end in its log: that is how it is told from one that was stopped.
  if (stopped === 'interrupted') session.announce({ type: 'event', event: ended })
  else session.log.event(ended)
}

function summaryOf(session: Session, stopped: StopReason): RunSummary {
  const { folder, engine, position, parts, pace, model, programs, diagnosis, current } = session
  const { telemetry } = current
  return {
    run: folder,
    engine: engine.name,
    compiled: programs.isCompiled('train'),
    steps: position.step,
    epochs: position.epoch + position.offset / parts.train.count,
    seconds: position.seconds,
    stepMilliseconds: pace.medianMilliseconds,
    parameters: model.summary.parameters,
    ...(measuresLayers(telemetry) && { measuring: { telemetry, seconds: position.measuringSeconds } }),
    refused: position.refused,
    rollbacks: position.rollbacks,
    ...(position.firstRefused && { firstRefused: position.firstRefused }),
    findings: [...diagnosis.findings],
    stopped
  }
}

/** Puts the weights of the best epoch in place if the experiment says so; going on later starts from them. */
async function restoreBest(session: Session): Promise<boolean> {
  const { bestStep } = session.earlyStopping
  if (!session.current.training.stopEarly?.restoreBest || bestStep === undefined) return false
  if (bestStep === session.position.step) return false
  const { state } = await readCheckpoint(session.folder, bestStep)
  session.programs.replace(state)
  session.scoredStep = undefined
  return true
}

async function writeWeights({ folder, programs }: Session): Promise<void> {
  const { parameters, layerState } = programs.state
  const tensors = streamed({ parameters, layerState, chainState: {} }).map(({ name, ...rest }) => ({
    ...rest,
    name: name.slice(name.indexOf('/') + 1)
  }))
  await writeSafetensors(join(folder, MODEL_FOLDER, WEIGHTS_FILE), tensors, { format: 'steadygrad' })
}
