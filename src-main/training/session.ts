import type { Experiment } from '#contract/experiment'
import type { ActiveEngine } from '#contract/engine'
import type { Finding } from '#contract/health'
import { changeLive } from '#contract/live'
import type { RunEvent, RunEventOf, Scores } from '#contract/run'
import type { TrainerEvent } from '#contract/trainer'
import type { PreparationPlan } from '#contract/preparation'
import { openFeeding, type FeedingTask, type MakeBatch } from '../datasets/feeding'
import { openParts, type Parts } from '../datasets/parts'
import { openPrepared } from '../datasets/prepared'
import { fitPreparation } from '../datasets/preparation'
import { buildChain, type Chain } from '../gradients/chain'
import { buildModel, checkOutput } from '../models/build'
import type { Model } from '../models/build'
import { lossOf, type LossFunction } from '../models/losses'
import { readNewestCheckpoint } from './checkpoint'
import type { Control } from './control'
import { checkRule, type EarlyStopping } from './early-stopping'
import { feedOf, feedSamplesOf, type FeedSamples } from './feed'
import { feedAhead, feedInPlace, type Feeder, type StartFeederThread } from './feeder'
import { initialize } from './initialize'
import { openStep, type OpenedStep } from './open-step'
import { createPace, type Pace } from './pace'
import { prepareTensors, type TensorPreparation } from './prepare-tensors'
import { startPosition, stepsPerEpoch, type Goal, type Position } from './position'
import { openRunLog, readEvents, rewindEvents, type RunLog } from './run-log'
import { openScoring, type Scoring } from './scoring'
import { writeStep, type Feed, type TrainState } from './step'

/** Everything that the loop works on. */
export interface Session {
  readonly folder: string
  readonly engine: ActiveEngine
  /** The experiment with every live change so far. */
  current: Experiment
  readonly goal: Goal
  readonly position: Position
  readonly model: Model
  readonly loss: LossFunction
  readonly chain: Chain
  readonly parts: Parts
  readonly feeder: Feeder
  readonly feed: Feed
  readonly prepare: TensorPreparation
  readonly preparation: PreparationPlan
  /** Names of the classes; absent where targets are numbers. */
  readonly classes?: readonly string[]
  readonly step: OpenedStep
  readonly scoring: Scoring
  /** What the log says of the way steps run; nothing yet at a sitting's start. */
  toldCompiled?: boolean
  /** The log says why scores are taken kernel after kernel. */
  toldScoring?: boolean
  /** Names of the layers whose measurements are kept. */
  readonly layers: readonly string[]
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
  readonly findings: Finding[]
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

/** A model together with the data it is for: what training and using a stored model both need. */
export interface OpenedModel {
  model: Model
  loss: LossFunction
  parts: Parts
  /** What decides the batches that the model is trained on, and what makes them. */
  feeding: FeedingTask
  makeBatch: MakeBatch
  feed: Feed
  prepare: TensorPreparation
  /** How raw samples become what the model takes, as it was fitted when the run began. */
  preparation: PreparationPlan
  /** Makes tensors of samples whose targets nobody needs. */
  feedSamples: FeedSamples
  classes?: string[]
}

/**
 * Reads a prepared dataset and plans the model for it; needs no engine yet. A new run's preparation is fitted here, a
 * stored run has its own.
 * @throws Failure `data.*` for damaged data and for steps that do not fit it, `model.*` for a model that cannot be built
 * or does not fit the data, `training.no*` for a score that cannot be watched
 */
export async function openModel(
  experiment: Experiment,
  dataset: string,
  stored?: PreparationPlan
): Promise<OpenedModel> {
  const prepared = await openPrepared(dataset, isAugmented(experiment))
  const { summary } = prepared
  const { classes } = summary
  const opened = openParts(prepared, experiment)
  const { parts } = opened
  const preparation = stored ?? fitPreparation(experiment, summary, opened)
  const model = buildModel(experiment.model.layers, preparation.shape)
  checkOutput(model, { classes: classes?.length, targetSize: summary.targetSize })
  const rule = experiment.training.stopEarly
  if (rule)
    checkRule(rule, { hasValidation: parts.validation !== undefined, hasClasses: classes !== undefined })
  const feeding = { part: parts.train.stored, experiment, summary }
  return {
    model,
    loss: lossOf(experiment.loss, classes !== undefined),
    parts,
    feeding,
    makeBatch: openFeeding(feeding),
    feed: feedOf(preparation),
    prepare: prepareTensors(preparation),
    preparation,
    feedSamples: feedSamplesOf(preparation),
    classes
  }
}

/** Opens a run: a new one at step 0, a stored one at its newest checkpoint, or at step 0 where it has none. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { folder, experiment, engine, moreEpochs, control, announce } = options
  const { model, loss, parts, feed, prepare, preparation, classes } = options.opened
  const chain = buildChain(experiment.gradients, model.parameters)

  const checkpoint = await readNewestCheckpoint(folder)
  const position = checkpoint?.position ?? startPosition()
  const events = await rewindEvents(folder, await readEvents(folder), position.step)
  const changes = events.filter((event) => event.type === 'changed')
  const current = changes
    .filter((change) => change.step <= position.step)
    .reduce((changed, { path, to }) => changeLive(changed, path, to), experiment)

  const layers = experiment.telemetry === 'off' ? [] : model.layers
  const log = await openRunLog(folder, layers.length, position.step, announce)
  const state = checkpoint?.state ?? (await firstState(options, chain))
  const program = writeStep(model, loss, chain, prepare)
  const step = openStep(program, feed, preparation.sampleShape, state)
  if (moreEpochs) log.event({ type: 'extended', time: Date.now(), step: position.step, epochs: moreEpochs })
  const extensions = [
    ...events.filter((event) => event.type === 'extended').map(({ epochs }) => epochs),
    moreEpochs ?? 0
  ]
  return {
    folder,
    engine,
    current,
    goal: extend(
      experiment.training,
      extensions,
      stepsPerEpoch(parts.train.count, experiment.training.batchSize)
    ),
    position,
    model,
    loss,
    chain,
    parts,
    feeder: openFeeder(options, log, position),
    feed,
    prepare,
    preparation,
    classes,
    step,
    scoring: openScoring(options.opened),
    layers,
    log,
    pace: createPace(),
    control,
    isPaused: false,
    announce,
    repeated: changes.filter((change) => change.step > position.step),
    earlyStopping: checkpoint?.earlyStopping ?? { waited: 0 },
    scores: lastScores(events),
    checkpointStep: checkpoint?.position.step,
    findings: events.filter((event) => event.type === 'finding').map(({ finding }) => finding),
    resumedFrom: position.step
  }
}

/** Augmentation alone takes longer than handing batches from thread to thread. */
const isAugmented = ({ data }: Experiment): boolean => data.augment.length > 0

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
  const weights = await initialize(folder, experiment, opened)
  return { ...weights, chainState: chain.init(weights.parameters) }
}

function extend({ epochs, steps }: Experiment['training'], extensions: number[], epochSteps: number): Goal {
  const more = extensions.reduce((sum, epochCount) => sum + epochCount, 0)
  return epochs === undefined ? { steps: (steps ?? 0) + more * epochSteps } : { epochs: epochs + more }
}

const lastScores = (events: readonly RunEvent[]): Scores =>
  events.findLast((event) => event.type === 'epoch')?.scores ?? {}
