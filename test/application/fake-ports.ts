import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatasetSummary } from '#contract/dataset'
import type { EngineStatus } from '#contract/engine'
import { parseExperiment } from '#contract/experiment'
import type { ForeignModel } from '#contract/import'
import type { ClassScore } from '#contract/look'
import type { Message } from '#contract/messages'
import type { ModelSummary } from '#contract/model'
import type { PreparationPlan } from '#contract/preparation'
import type { RunEvent, RunSummary, StopReason } from '#contract/run'
import { columnOf, layerColumnOf, rowWidth, type StepBatch } from '#contract/step-rows'
import { trainerRequests, type TrainerEvent, type TrainerRequests } from '#contract/trainer'
import { serve, type Handlers, type Wire } from '#contract/wire'
import { workerRequests, type WorkerEvent, type WorkerRequests } from '#contract/worker'
import { replayWith } from '../fixtures/replay'
import type { ChildExit, ChildPort, Clock, EnginePort, Ports } from '../../src-main/application/ports'

/** An experiment that the schema accepts, as a file would hold it. */
export const experiment = {
  version: 1,
  name: 'two layers',
  data: { source: { use: 'digits' } },
  model: { layers: [{ use: 'flatten' }, { use: 'dense', units: 10 }] },
  loss: { use: 'softmaxCrossEntropy' },
  gradients: [
    { use: 'clipByGlobalNorm', max: 1 },
    { use: 'sgd', rate: 0.1 }
  ],
  training: { batchSize: 32, epochs: 2 }
}

export const datasetSummary: DatasetSummary = {
  name: 'digits',
  source: { use: 'digits' },
  featureShape: [2, 1, 1],
  featureType: 'uint8',
  classes: ['zero', 'one'],
  range: [0, 255],
  counts: { train: 100, test: 20 },
  findings: []
}

const modelSummary: ModelSummary = {
  inputShape: [2, 1, 1],
  layers: [],
  parameters: 30,
  multiplyAdds: 20
}

/** A model of Keras in which one layer was left out. */
export const foreignModel: ForeignModel = {
  path: '/models/small.keras',
  format: 'keras',
  madeBy: 'Keras 3.15.0',
  inputShape: [2, 1, 1],
  layers: [
    { name: 'flatten', className: 'Flatten', use: 'flatten', outputShape: [2], parameters: 0 },
    { name: 'dense', className: 'Dense', use: 'dense', outputShape: [10], parameters: 30 }
  ],
  parameters: 30,
  notes: [{ key: 'import.note.logits', values: { activation: 'softmax' } }]
}

export const engineStatus: EngineStatus = {
  installed: false,
  version: '2.21.0',
  folder: '/engines/2.21.0',
  bytes: 0,
  best: 'wasm'
}

/** Time that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves time on and runs what became due, in order. */
  advance(milliseconds: number): void
  /** When the waiting actions become due, from now on. */
  readonly due: number[]
}

export function createFakeClock(start = Date.UTC(2026, 10, 23, 12, 0, 0)): FakeClock {
  let now = start
  let actions: { at: number; action: () => void }[] = []
  return {
    now: () => now,
    after(milliseconds, action) {
      const entry = { at: now + milliseconds, action }
      actions.push(entry)
      return () => void (actions = actions.filter((other) => other !== entry))
    },
    get due() {
      return actions.map(({ at }) => at - now)
    },
    advance(milliseconds) {
      now += milliseconds
      const isDue = ({ at }: { at: number }): boolean => at <= now
      const run = actions.filter(isDue).sort((a, b) => a.at - b.at)
      actions = actions.filter((entry) => !isDue(entry))
      run.forEach(({ action }) => action())
    }
  }
}

/** A process that lives in this one: what is posted arrives in a later microtask, as over a real wire. */
export interface FakeChild extends ChildPort {
  /** The process's own end of the wire. */
  readonly inside: Wire
  readonly environment: Record<string, string>
  isKilled: boolean
  /** Ends it, as a crash would. */
  exit(exit?: Partial<ChildExit>): void
}

function createFakeChild(environment: Record<string, string>): FakeChild {
  const toInside = new Set<(message: unknown) => void>()
  const toOutside = new Set<(message: unknown) => void>()
  let end: (exit: ChildExit) => void
  const exited = new Promise<ChildExit>((resolve) => (end = resolve))
  const closed = exited.then(({ code, signal }) => signal ?? `exit ${code}`)
  const endOf = (own: Set<(message: unknown) => void>, other: Set<(message: unknown) => void>): Wire => ({
    post: (message) =>
      queueMicrotask(() => {
        if (!child.isGone) other.forEach((listener) => listener(message))
      }),
    listen: (listener) => {
      own.add(listener)
      return () => own.delete(listener)
    },
    closed
  })
  const child = {
    isGone: false,
    isKilled: false,
    environment,
    processId: 4711,
    exited,
    wire: endOf(toOutside, toInside),
    inside: endOf(toInside, toOutside),
    exit(exit: Partial<ChildExit> = {}) {
      child.isGone = true
      end({ code: null, signal: null, lines: [], ...exit })
    },
    kill() {
      child.isKilled = true
      child.exit({ signal: 'SIGKILL' })
    }
  }
  return child
}

/** A trainer that does what a test says; by default it accepts everything and trains nothing. */
export interface FakeTrainer {
  child: FakeChild
  /** What it was asked, in order. */
  asked: { name: string; input: unknown }[]
  tell(event: TrainerEvent): void
  /** Tells an event of its run. */
  event(event: RunEvent): void
  /** Tells that its run has ended, and leaves, or is free for the next one where it is to stay. */
  end(stopped: StopReason, summary?: Partial<RunSummary>): void
  /** Tells that its run broke off, and leaves. */
  fail(message: Message, kind: 'input' | 'engine' | 'bug', stack?: string): void
  leave(): void
}

/** The answers of a process; a handler may be a promise that never settles. */
export interface Script {
  trainer?: Partial<Handlers<TrainerRequests>>
  worker?: Partial<Handlers<WorkerRequests>>
  /** What happens as soon as a trainer trains, such as telling its whole run. */
  onTrain?(trainer: FakeTrainer, input: { folder: string }): void
}

/** Ports of a world in memory, but for a library on disk that `remove` takes away. */
export interface FakeWorld extends Ports {
  clock: FakeClock
  script: Script
  /** What is kept of the settings. */
  stored: { settings: unknown }
  trainers: FakeTrainer[]
  workers: FakeChild[]
  /** What the worker was asked, in order. */
  workerAsked: { name: string; input: unknown }[]
  announceFromWorker(event: WorkerEvent): void
  remove(): Promise<void>
}

export async function createFakeWorld(engine: Partial<EnginePort> = {}): Promise<FakeWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'steadygrad-application-'))
  const paths = { library: join(folder, 'library'), presets: join(folder, 'presets') }
  await mkdir(paths.presets)
  const workerAnnouncers: ((event: WorkerEvent) => void)[] = []
  const world: FakeWorld = {
    version: '1.2.3',
    shell: 'terminal',
    paths,
    libraryRule: { source: 'system', system: paths.library },
    clock: createFakeClock(),
    script: {},
    stored: { settings: {} },
    settings: {
      read: () => world.stored.settings,
      write: (value) => void (world.stored.settings = value)
    },
    trainers: [],
    workers: [],
    workerAsked: [],
    announceFromWorker: (event) => workerAnnouncers.at(-1)?.(event),
    remove: () => rm(folder, { recursive: true }),
    engine: {
      status: async () => engineStatus,
      findDamage: async () => undefined,
      install: async () => engineStatus,
      remove: async () => {},
      environment: () => ({ TF_ENABLE_ONEDNN_OPTS: '1' }),
      sampleGpu: async () => undefined,
      ...engine
    },
    startChild(which, environment = {}) {
      const child = createFakeChild(environment)
      if (which === 'worker') {
        world.workers.push(child)
        const handlers = noted(world.workerAsked, () => ({ ...workerAnswers, ...world.script.worker }))
        workerAnnouncers.push(
          serve<WorkerRequests, WorkerEvent>(child.inside, workerRequests, handlers).announce
        )
      } else world.trainers.push(serveTrainer(child, world))
      return child
    }
  }
  return world
}

/** A trainer writes a whole run into its folder, from its start to its end, and tells it. */
export async function trainWhole(
  trainer: FakeTrainer,
  folder: string,
  stopped: StopReason = 'completed',
  summary: Partial<RunSummary> = {}
): Promise<void> {
  const started = startedEvent()
  await writeEvents(folder, [started, endedEvent(stopped, summary)])
  trainer.event(started)
  trainer.end(stopped, summary)
}

function serveTrainer(child: FakeChild, world: FakeWorld): FakeTrainer {
  const stays = (): boolean => {
    const task = trainer.asked.findLast(({ name }) => name === 'train')?.input as
      { stays?: boolean } | undefined
    return task?.stays ?? false
  }
  const trainer: FakeTrainer = {
    child,
    asked: [],
    tell: (event) => announce(event),
    event: (event) => announce({ type: 'event', event }),
    end(stopped, summary) {
      trainer.event(endedEvent(stopped, summary))
      if (stays()) trainer.tell({ type: 'free' })
      else trainer.leave()
    },
    fail(message, kind, stack) {
      trainer.tell({ type: 'failed', message, kind, ...(stack !== undefined && { stack }) })
      if (stays()) trainer.tell({ type: 'free' })
      else trainer.leave()
    },
    leave() {
      // Behind everything that is on its way.
      setImmediate(() => child.exit({ code: 0 }))
    }
  }
  const handlers = noted(trainer.asked, () => ({
    ...trainerAnswers,
    train: async (input: { folder: string; experiment?: unknown }) => {
      if (input.experiment)
        await writeFile(join(input.folder, 'experiment.json'), JSON.stringify(input.experiment))
      world.script.onTrain?.(trainer, input)
      return null
    },
    stop: ({ interrupted }: { interrupted: boolean }) => {
      trainer.end(interrupted ? 'interrupted' : 'stopped')
      return null
    },
    ...world.script.trainer
  }))
  const { announce } = serve<TrainerRequests, TrainerEvent>(child.inside, trainerRequests, handlers)
  return trainer
}

const preparation: PreparationPlan = {
  version: 1,
  sampleShape: [2, 1, 1],
  shape: [2, 1, 1],
  features: [],
  cleaned: []
}

/** How the fake model does on each class of the test part. */
export const classScores: ClassScore[] = [
  { name: 'zero', samples: 10, precision: 0.8, recall: 0.9, f1: 0.85 },
  { name: 'one', samples: 10, recall: 0.5, f1: 0 }
]

const trainerAnswers: Omit<Handlers<TrainerRequests>, 'train' | 'stop'> = {
  pause: () => null,
  step: () => null,
  resume: () => null,
  change: () => ({ step: 7 }),
  diagnose: () => ({ findings: [], engine: 'cpu' }),
  range: () => ({ points: [], ended: 'completed', engine: 'cpu', compiled: false }),
  firstGradients: () => ({
    layers: ['dense_1', 'dense_2', 'dense_3'],
    norms: [0.25, 0.5, 2],
    engine: { name: 'cpu', library: 'tfjs', threads: 1 }
  }),
  evaluate: () => ({
    scores: { test: { loss: 0.25, accuracy: 0.9 } },
    classScores,
    engine: 'cpu',
    step: 12
  }),
  predict: () => ({ outputs: Float32Array.of(0.25, 0.75), size: 2, engine: 'cpu' }),
  look: () => ({ step: 12, outputs: Float32Array.of(0.25, 0.75), activations: [] }),
  confusion: () => ({
    step: 12,
    classes: ['zero', 'one'],
    counts: [9, 1, 2, 8],
    classScores,
    cells: [],
    mistakes: [],
    part: 'test'
  }),
  deviations: () => ({
    step: 12,
    part: 'test',
    count: 2,
    size: 1,
    mae: 0.5,
    r2: 0.75,
    points: { samples: [0, 1], actual: Float32Array.of(1, 2), predicted: Float32Array.of(1.5, 2.5) },
    largest: { samples: [0], actual: Float32Array.of(1), predicted: Float32Array.of(1.5) }
  }),
  replay: () => replayWith(),
  cancel: () => null,
  artifact: () => ({
    experiment: { ...experiment, seed: 1 } as never,
    preparation,
    model: modelSummary,
    tensors: [],
    samples: new Float32Array(0),
    prepared: new Float32Array(0),
    outputs: new Float32Array(0)
  })
}

const workerAnswers: Handlers<WorkerRequests> = {
  prepare: () => ({ folder: '/prepared/digits', summary: datasetSummary }),
  inspect: () => datasetSummary,
  recognize: () => datasetSummary.source,
  cancel: () => null,
  samples: () => ({ total: 1, indices: [3], targets: [1], features: Float32Array.of(1, 2) }),
  testedSamples: () => ({
    total: 2,
    indices: [3],
    targets: [1],
    features: Float32Array.of(1, 2),
    part: 'test'
  }),
  planData: () => ({ samples: { train: 90, validation: 10, test: 20 }, cleaned: [], preparation }),
  augment: ({ indices }) => ({ indices, features: Float32Array.of(1, 2), targets: Float32Array.of(1) }),
  describeModel: () => modelSummary,
  export: ({ path, format }) => ({
    format,
    path,
    bytes: 2048,
    samples: 100,
    largestDifference: 1e-7,
    relativeDifference: 1e-7
  }),
  importModel: ({ ground }) => ({
    model: foreignModel,
    composed: {
      experiment: ground?.experiment ?? parseExperiment(experiment),
      tensors: [{ name: 'dense_1/kernel', shape: [1, 2], values: Float32Array.of(1, 2) }]
    }
  }),
  inspectModel: ({ path }) => (path.endsWith('.keras') ? foreignModel : null),
  readSamples: () => ({ count: 1, features: Float32Array.of(1, 2) })
}

/** Handlers that note what they are asked; looked up at each request, because a test may change its script. */
const noted = <Table extends object>(
  asked: { name: string; input: unknown }[],
  handlers: () => Table
): Table =>
  new Proxy({} as Table, {
    get: (_, name) => (input: unknown) => {
      asked.push({ name: String(name), input })
      return (handlers() as Record<string, (input: unknown) => unknown>)[String(name)](input)
    }
  })

export const summary: RunSummary = {
  run: '/somewhere',
  engine: 'native-cpu',
  compiled: true,
  refused: 0,
  rollbacks: 0,
  steps: 8,
  epochs: 2,
  seconds: 65,
  stepMilliseconds: 4.5678,
  parameters: 30,
  train: { loss: 0.1, accuracy: 0.97 },
  test: { loss: 0.2, accuracy: 0.95 },
  findings: [],
  stopped: 'completed'
}

export const startedEvent = (changed: Partial<Extract<RunEvent, { type: 'started' }>> = {}): RunEvent => ({
  type: 'started',
  time: 1000,
  step: 0,
  engine: { name: 'native-cpu', library: 'TensorFlow 2.21.0', threads: 2 },
  model: modelSummary,
  layers: ['dense_1'],
  samples: { train: 90, validation: 10, test: 20 },
  steps: 8,
  processId: 4711,
  ...changed
})

export const epochEvent = (epoch: number, step: number, loss = 0.5): RunEvent => ({
  type: 'epoch',
  time: 2000,
  step,
  epoch,
  scores: { train: { loss, accuracy: 0.8 }, test: { loss: 0.4, accuracy: 0.85 } },
  seconds: 3
})

export const endedEvent = (stopped: StopReason, changed: Partial<RunSummary> = {}): RunEvent => ({
  type: 'ended',
  time: 3000,
  step: 8,
  summary: { ...summary, stopped, ...changed }
})

/** Rows of a run with one measured layer, all columns alike but for the flags. */
export function rowsOf(...values: number[]): Float32Array<ArrayBuffer> {
  const width = rowWidth(1)
  const rows = new Float32Array(values.length * width)
  values.forEach((value, index) => {
    rows.fill(value, index * width, (index + 1) * width)
    rows[index * width + columnOf('flags')] = 0
    rows[index * width + layerColumnOf(0, 'flags')] = 0
  })
  return rows
}

export const batchOf = (first: number, values: Float32Array<ArrayBuffer>): StepBatch => ({
  first,
  count: values.length / rowWidth(1),
  width: rowWidth(1),
  values
})

/** Writes a stored run into a folder, as a trainer would have. */
export async function writeRun(
  folder: string,
  events: RunEvent[],
  content: object = experiment
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'experiment.json'), JSON.stringify(content))
  await writeEvents(folder, events)
}

/** Lets everything that is on its way arrive. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const writeEvents = (folder: string, events: readonly RunEvent[]): Promise<void> =>
  writeFile(join(folder, 'events.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''))
