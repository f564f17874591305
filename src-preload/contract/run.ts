import { z } from 'zod'
import { activeEngine, engineName } from './engine'
import { experiment } from './experiment'
import { Failure } from './failure'
import { dataFacts, finding, findingKind } from './health'
import { measured } from './measured'
import { telemetryPresets } from './measures'
import { message } from './message-schema'
import { modelSummary } from './model'
import { cleaned } from './preparation'
import { batchPlace, refusalReason, refusedStep } from './refusal'

/*
 * Names of the files in a run folder. The trainer alone writes them; `index.json` of the library, with names and
 * notes, is the application's.
 */
export const EXPERIMENT_FILE = 'experiment.json'
export const PREPARATION_FILE = 'preparation.json'
export const EVENTS_FILE = 'events.jsonl'
export const STEPS_FILE = 'steps.bin'
export const STEPS_TAIL_FILE = 'steps.tail'
export const CHECKPOINTS_FOLDER = 'checkpoints'
export const MODEL_FOLDER = 'model'
export const LOCK_FILE = 'run.lock'

/**
 * How good a model is over a part of the data. The loss is in the units that the model is trained in, that is, of
 * prepared targets, and without class weights; `mae` and `r2` are in the raw units of the data.
 */
export const score = z.object({
  loss: measured,
  /** Of classes: share of samples whose class has the largest output. */
  accuracy: measured.optional(),
  /** Share of samples whose class is among the five largest outputs; only where there are more than five classes. */
  top5: measured.optional(),
  /** Of numbers: mean absolute error. */
  mae: measured.optional(),
  /**
   * Coefficient of determination, 1 − Σ(target − output)² / Σ(target − mean target)², its mean over the numbers of a
   * target: 1 is perfect, 0 no better than always answering the mean. NaN where a number never varies.
   */
  r2: measured.optional()
})
export type Score = z.infer<typeof score>

export const scores = z.object({
  train: score.optional(),
  validation: score.optional(),
  test: score.optional()
})
export type Scores = z.infer<typeof scores>

export const runStates = [
  'preparing',
  'running',
  'paused',
  'completed',
  'stopped',
  'stoppedByGuard',
  'stoppedEarly',
  'failed',
  'interrupted'
] as const
export const runState = z.enum(runStates)
export type RunState = z.infer<typeof runState>
/** Says whether a run in this state has a trainer at work. */
export const isActive = (state: RunState): boolean =>
  state === 'preparing' || state === 'running' || state === 'paused'

/** Why a run ended; `completed` is the normal end. */
export const stopReason = z.enum(['completed', 'stopped', 'guard', 'early', 'interrupted'])
export type StopReason = z.infer<typeof stopReason>

/** The last word about a run, on the command line and in its log. */
export const runSummary = z.object({
  /** Absolute folder of the run. */
  run: z.string(),
  engine: engineName,
  /** Says whether steps ran as a compiled graph. */
  compiled: z.boolean(),
  steps: z.number().int(),
  epochs: z.number(),
  /** Time spent training, evaluations included, over all sittings of this run. */
  seconds: z.number(),
  /** Median time of one step. */
  stepMilliseconds: z.number(),
  parameters: z.number().int(),
  /** Time of all this that measuring the layers took, besides the steps; absent where none are measured. */
  measuring: z.object({ telemetry: z.enum(telemetryPresets), seconds: z.number() }).optional(),
  train: score.optional(),
  validation: score.optional(),
  test: score.optional(),
  /** Steps that the guard refused, and how often the run went back to an earlier state for them. */
  refused: z.number().int().default(0),
  rollbacks: z.number().int().default(0),
  /** The first of them. */
  firstRefused: refusedStep.optional(),
  findings: z.array(finding),
  stopped: stopReason
})
export type RunSummary = z.infer<typeof runSummary>

const at = { time: z.number(), step: z.number().int() }

/** A rare thing in the life of a run: one line of `events.jsonl`, and announced as it happens. */
export const runEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    ...at,
    /** Positive when a stored run goes on. */
    resumedFrom: z.number().int().optional(),
    engine: activeEngine,
    model: modelSummary,
    /** Names of the trainable layers, in the order of the rows' columns. */
    layers: z.array(z.string()),
    /** Names of the layers whose activations are measured, in the order of a measurement; absent where none are. */
    measured: z.array(z.string()).optional(),
    samples: z.object({ train: z.number().int(), validation: z.number().int(), test: z.number().int() }),
    /** What cleaning did to them, in its order; absent where nothing was asked for. */
    cleaned: z.array(cleaned).optional(),
    facts: dataFacts.optional(),
    /** Steps of the whole run as far as can be told now. */
    steps: z.number().int(),
    processId: z.number().int()
  }),
  /** Something that a user should know of the sitting that begins here. */
  z.object({ type: z.literal('notice'), ...at, message }),
  /** How steps run from here on: compiled, or, on an engine that could compile, kernel after kernel for a reason. */
  z.object({ type: z.literal('compiled'), ...at, compiled: z.boolean(), reason: message.optional() }),
  /** Why another program than the step runs kernel after kernel, on an engine that could compile it. */
  z.object({ type: z.literal('ranEagerly'), ...at, reason: message }),
  /** Why batches are made in the training thread from here on: the thread that made them ahead is gone. */
  z.object({ type: z.literal('fedInPlace'), ...at, reason: message }),
  /** Something of the experiment changed while it ran; `path` is a place in the experiment. */
  z.object({ type: z.literal('changed'), ...at, path: z.string(), from: z.unknown(), to: z.unknown() }),
  z.object({ type: z.literal('finding'), ...at, finding }),
  /** What was found is not to be seen any more. */
  z.object({ type: z.literal('withdrawn'), ...at, kind: findingKind, layer: z.string().optional(), message }),
  /** The guard refused a step. */
  z.object({
    type: z.literal('guard'),
    ...at,
    action: z.enum(['stop', 'skip', 'rollback']),
    layer: z.string(),
    tensor: z.string(),
    reason: refusalReason,
    /** Norm of the layer's update over that of its weights, where that was too much. */
    ratio: z.number().optional(),
    message,
    batch: batchPlace.optional(),
    /** How the run went back: to its state after which step, for which time of how many, and what is left of the rate. */
    rollback: z
      .object({
        backTo: z.number().int(),
        attempt: z.number().int(),
        of: z.number().int(),
        rateFactor: z.number()
      })
      .optional()
  }),
  /** A checkpoint is in place; `kept` is the good state from before a guard stop or a spike. */
  z.object({ type: z.literal('checkpoint'), ...at, file: z.string(), kept: z.literal(true).optional() }),
  /** A checkpoint was damaged and the run goes on from an earlier one, or from its beginning. */
  z.object({ type: z.literal('passedOver'), ...at, message }),
  z.object({ type: z.literal('epoch'), ...at, epoch: z.number().int(), scores, seconds: z.number() }),
  z.object({ type: z.literal('paused'), ...at }),
  z.object({ type: z.literal('resumed'), ...at }),
  /** Epochs were added to the goal. */
  z.object({ type: z.literal('extended'), ...at, epochs: z.number().int() }),
  z.object({ type: z.literal('ended'), ...at, summary: runSummary })
])
export type RunEvent = z.infer<typeof runEvent>
export type RunEventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>

/** The events in the lines of a log. @throws Failure `storage.damaged` that names the file and the line */
export const runEventsOf = (lines: readonly unknown[], path: string): RunEvent[] =>
  lines.map((line, index) => {
    const event = runEvent.safeParse(line)
    if (!event.success) throw new Failure('storage.damaged', { path, problem: `:${index + 1}` })
    return event.data
  })

/** Where a run stands. */
export const runProgress = z.object({
  state: runState,
  step: z.number().int(),
  /** Steps of the whole run as far as can be told now. */
  steps: z.number().int(),
  /** Position in epochs. */
  epoch: z.number(),
  stepsPerSecond: z.number(),
  /** Seconds left; absent while it cannot be told. */
  secondsLeft: z.number().optional(),
  /** Resident memory of the trainer in bytes. */
  memory: z.number(),
  /** Share of the time of training that measuring the layers took, 0 to 1; absent where none are measured. */
  measuringShare: z.number().optional(),
  /** What happens before the first step, such as reading the data. */
  activity: message.optional()
})
export type RunProgress = z.infer<typeof runProgress>

/** One run in a list. */
export const runListing = z.object({
  id: z.string(),
  folder: z.string(),
  name: z.string(),
  state: runState,
  /** Milliseconds since 1970. */
  created: z.number(),
  steps: z.number().int(),
  engine: engineName.optional(),
  scores: scores.optional(),
  /** What its telemetry cost: the share of the time of training that measuring the layers took, 0 to 1. */
  measuring: z.object({ telemetry: z.enum(telemetryPresets), share: z.number() }).optional(),
  /** What its user wrote about it. */
  note: z.string().optional()
})
export type RunListing = z.infer<typeof runListing>

/** Everything about one run but its steps. */
export const runDetail = z.object({
  listing: runListing,
  /** As it was started; changes are events. */
  experiment,
  /** With every change applied. */
  current: experiment,
  progress: runProgress,
  events: z.array(runEvent),
  /** Why its trainer broke off, if it did. */
  failure: message.optional()
})
export type RunDetail = z.infer<typeof runDetail>
