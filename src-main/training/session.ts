import type { Experiment } from '#contract/experiment'
import type { ActiveEngine } from '#contract/engine'
import type { DataFacts } from '#contract/health'
import { changeLive, inOrder } from '#contract/live'
import type { RunEvent, RunEventOf, Scores } from '#contract/run'
import type { TrainerEvent } from '#contract/trainer'
import type { PreparationPlan } from '#contract/preparation'
import type { Parts } from '../datasets/parts'
import { buildChain, type Chain } from '../gradients/chain'
import { openDiagnosis, type Diagnosis } from '../health/diagnose'
import { replay } from '../health/replay'
import { subjectOf } from '../health/subject'
import type { Model } from '../models/build'
import type { LossFunction } from '../models/losses'
import { findNewestCheckpoint, type Found } from './checkpoint'
import { startWriting, type Writing } from './checkpointing'
import type { Control } from './control'
import { factsOf } from './data-facts'
import type { EarlyStopping } from './early-stopping'
import { expectedPrograms } from './expected'
import { keptPath } from './first-weights'
import { feedAhead, feedInPlace, type Feeder, type StartFeederThread } from './feeder'
import { initialize } from './initialize'
import { lastEngine } from './notices'
import { createPace, type Pace } from './pace'
import { writePrograms } from './program-functions'
import { measuredLayersOf } from './measure-program'
import { hasHistograms, measuresLayers, openMeasures } from './measuring'
import { isAugmented, type OpenedModel } from './opened-model'
import { openPrograms, type Programs } from './programs'
import type { TensorPreparation } from './prepare-tensors'
import { startPosition, stepsPerEpoch, type Goal, type Position } from './position'
import { openRunLog, readEvents, rewindEvents, type RunLog } from './run-log'
import { holdsSnapshots, openSnapshots, type Snapshots } from './snapshots'
import { openMeasured, openSteps } from '../storage/run-rows'
import type { TrainState } from './step'

/** Everything that the loop works on. */
export interface Session {
  readonly folder: string
  readonly engine: ActiveEngine
  /** What the sitting before computed with; absent in a run's first. */
  readonly engineBefore?: ActiveEngine
  /** The experiment with every live change so far. */
  current: Experiment
  readonly goal: Goal
  readonly position: Position
  readonly model: Model
  readonly loss: LossFunction
  readonly chain: Chain
  readonly parts: Parts
  readonly feeder: Feeder
  readonly prepare: TensorPreparation
  readonly preparation: PreparationPlan
  /** Names of the classes; absent where targets are numbers. */
  readonly classes?: readonly string[]
  readonly programs: Programs
  /** What the log says of the way steps run, and which other programs do not run compiled; nothing yet at the start. */
  readonly told: { compiled?: boolean; eager: Set<string> }
  /** Names of the layers whose norms are kept. */
  readonly layers: readonly string[]
  /** Names of the layers that are measured. */
  readonly measured: readonly string[]
  readonly log: RunLog
  readonly pace: Pace
  readonly control: Control
  /** The loop waits, and its checkpoint is on disk; a wish to pause alone is not that yet. */
  isPaused: boolean
  readonly announce: (event: TrainerEvent) => void
  /** Live changes of an earlier sitting that take effect at a later step than the checkpoint's. */
  readonly repeated: RunEventOf<'changed'>[]
  earlyStopping: EarlyStopping
  scores: Scores
  /** Step at which the parts that training does not see were scored last. */
  scoredStep?: number
  /** Step of the newest checkpoint. */
  checkpointStep?: number
  /** The checkpoint that is being written. */
  readonly writing: Writing
  /** Earlier states in memory; absent where the state is too large for them and the guard needs none. */
  readonly snapshots?: Snapshots
  /** Judges every step by its row. */
  readonly diagnosis: Diagnosis
  readonly facts: DataFacts
  /** Step of the sitting's start; positive when a stored run goes on. */
  readonly resumedFrom: number
}

/** What a session is opened with. */
export interface SessionOptions {
  folder: string
  experiment: Experiment
  opened: OpenedModel
  engine: ActiveEngine
  moreEpochs?: number
  control: Control
  announce: (event: TrainerEvent) => void
  startFeederThread?: StartFeederThread
}

/** Opens a run: a new one at step 0, a stored one at its newest checkpoint, or at step 0 where it has none. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { folder, experiment, engine, moreEpochs, control, announce } = options
  const { model, loss, parts, prepare, preparation, classes } = options.opened
  const chain = buildChain(experiment.gradients, model.parameters)

  const { checkpoint, damaged } = await findNewestCheckpoint(folder)
  const position = checkpoint?.position ?? startPosition()
  const events = await rewindEvents(folder, await readEvents(folder), position.step)
  const changes = inOrder(events.filter((event) => event.type === 'changed'))
  const current = changes
    .filter((change) => change.step <= position.step)
    .reduce((changed, { path, to }) => changeLive(changed, path, to), experiment)

  const layers = experiment.telemetry === 'off' ? [] : model.layers
  const measured = measuresLayers(experiment.telemetry) ? measuredLayersOf(model) : []
  const measures = await openMeasures(folder, experiment.telemetry, measured.length, position.step)
  const log = await openRunLog(folder, layers.length, position.step, measures, announce)
  tellDamaged(log, damaged, position.step)
  const state = checkpoint?.state ?? (await firstState(options, chain))
  const holds = holdsSnapshots(experiment.guard.nonFinite, state)
  const programs = openPrograms({
    functions: writePrograms(
      {
        ...options.opened,
        hasHistograms: hasHistograms(experiment.telemetry),
        maxUpdateRatio: experiment.guard.maxUpdateRatio
      },
      chain
    ),
    sampleShape: preparation.sampleShape,
    state,
    expected: () => expectedPrograms(options.opened, chain, current, goal)
  })
  const facts = factsOf(parts.train, preparation, classes)
  const diagnosis = openDiagnosis(subjectOf(experiment, model.summary, { layers, measured }, facts))
  if (position.step > 0) await recall(diagnosis, folder, events, position.step)
  if (moreEpochs) log.event({ type: 'extended', time: Date.now(), step: position.step, epochs: moreEpochs })
  const extensions = [
    ...events.filter((event) => event.type === 'extended').map(({ epochs }) => epochs),
    moreEpochs ?? 0
  ]
  const goal = extend(
    experiment.training,
    extensions,
    stepsPerEpoch(parts.train.count, experiment.training.batchSize)
  )
  return {
    folder,
    engine,
    engineBefore: lastEngine(events),
    current,
    goal,
    position,
    model,
    loss,
    chain,
    parts,
    feeder: openFeeder(options, log, position),
    prepare,
    preparation,
    classes,
    programs,
    told: { eager: new Set() },
    layers,
    measured,
    log,
    pace: createPace(),
    control,
    isPaused: false,
    announce,
    repeated: changes.filter((change) => change.step > position.step),
    earlyStopping: checkpoint?.earlyStopping ?? { waited: 0 },
    scores: lastScores(events),
    checkpointStep: checkpoint?.position.step,
    writing: startWriting(),
    ...(holds && { snapshots: openSnapshots(programs, position, checkpoint?.snapshots) }),
    diagnosis,
    facts,
    resumedFrom: position.step
  }
}

/** Says which checkpoints could not be read, and from where the run goes on instead. */
function tellDamaged(log: RunLog, damaged: Found['damaged'], step: number): void {
  for (const { step: lost, failure } of damaged) {
    const values = { lost, step, problem: String(failure.values?.problem ?? '') }
    log.event({
      type: 'passedOver',
      time: Date.now(),
      step,
      message: { key: 'training.passedOver', values }
    })
  }
}

/** Lets a diagnosis see again what is stored of a run that goes on. */
async function recall(
  diagnosis: Diagnosis,
  folder: string,
  events: readonly RunEvent[],
  step: number
): Promise<void> {
  const steps = await openSteps(folder)
  const measures = await openMeasured(folder)
  const epochs = events.filter((event) => event.type === 'epoch')
  await replay(diagnosis, { steps, measures, epochs }, step).finally(() =>
    Promise.all([steps.close(), measures.close()])
  )
}

/** The batches of a run, from a thread of their own where that pays; the log tells when it is gone. */
function openFeeder(
  { experiment, opened, startFeederThread }: SessionOptions,
  log: RunLog,
  position: Position
): Feeder {
  const { feeding, makeBatch, parts } = opened
  if (!startFeederThread || !isAugmented(experiment)) return feedInPlace(makeBatch)
  return feedAhead(startFeederThread(feeding), makeBatch, parts.train.count, (reason) =>
    log.event({ type: 'fedInPlace', time: Date.now(), step: position.step, reason })
  )
}

async function firstState({ folder, experiment, opened }: SessionOptions, chain: Chain): Promise<TrainState> {
  const weights = await initialize(keptPath(folder), experiment, opened)
  return { ...weights, chainState: chain.init(weights.parameters) }
}

function extend({ epochs, steps }: Experiment['training'], extensions: number[], epochSteps: number): Goal {
  const more = extensions.reduce((sum, epochCount) => sum + epochCount, 0)
  return epochs === undefined ? { steps: (steps ?? 0) + more * epochSteps } : { epochs: epochs + more }
}

const lastScores = (events: readonly RunEvent[]): Scores =>
  events.findLast((event) => event.type === 'epoch')?.scores ?? {}
