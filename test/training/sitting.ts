import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { ActiveEngine, EngineChoice } from '#contract/engine'
import { parseExperiment, type Experiment, type ExperimentInput } from '#contract/experiment'
import type { RunEvent, RunEventOf } from '#contract/run'
import type { TrainerEvent } from '#contract/trainer'
import { prepareSource } from '../../src-main/datasets/prepare'
import { startEngine } from '../../src-main/engine/backends'
import {
  createTrainingService,
  type TrainingMeans,
  type TrainingService
} from '../../src-main/training/service'
import { readSafetensors } from '../../src-main/storage/safetensors'

/** A library with the prepared digits and room for runs. */
export interface Workplace {
  library: string
  dataset: string
  nextFolder(): string
  remove(): void
}

export async function openWorkplace(): Promise<Workplace> {
  const library = mkdtempSync(join(tmpdir(), 'training-'))
  let runs = 0
  return {
    library,
    dataset: (await prepareSource({ use: 'digits' }, library)).folder,
    nextFolder: () => mkdtempSync(join(library, `run-${++runs}-`)),
    remove: () => rmSync(library, { recursive: true })
  }
}

/** The workplace of the tests of the file that calls this; it is there in hooks and tests. */
export function useWorkplace(): Omit<Workplace, 'remove'> {
  let opened: Workplace
  beforeAll(async () => {
    opened = await openWorkplace()
  })
  afterAll(() => opened.remove())
  return {
    get library() {
      return opened.library
    },
    get dataset() {
      return opened.dataset
    },
    nextFolder: () => opened.nextFolder()
  }
}

/** A small network with everything that keeps state: dropout, batch normalization, Adam, a clip. */
export const experimentOf = (changes: Partial<ExperimentInput> = {}): Experiment =>
  parseExperiment({
    version: 1,
    seed: 7,
    data: {
      source: { use: 'digits' },
      prepare: [{ use: 'scale', by: 1 / 255 }],
      limit: { train: 300, test: 100 },
      split: { validation: 0.2 }
    },
    model: {
      layers: [
        { use: 'flatten' },
        { use: 'dense', units: 16, activation: 'relu' },
        { use: 'batchNormalization' },
        { use: 'dropout', rate: 0.2 },
        { use: 'dense', units: 10 }
      ]
    },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [
      { use: 'clipByGlobalNorm', max: 1 },
      { use: 'adam', rate: 0.01 }
    ],
    training: { batchSize: 50, epochs: 2 },
    engine: { use: 'native-cpu' },
    ...changes
  })

/** A run from its start to its end. */
export interface Sitting {
  service: TrainingService
  events: TrainerEvent[]
  ended: RunEventOf<'ended'> | undefined
}

/** Trains to the end; `when` sees every event and may steer. */
export async function trainToEnd(
  input: { folder: string; dataset: string; experiment?: Experiment; weights?: string; moreEpochs?: number },
  when: (event: TrainerEvent, service: TrainingService) => void = () => {},
  start: (choice: EngineChoice) => Promise<ActiveEngine> = startEngine,
  means: TrainingMeans = {}
): Promise<Sitting> {
  const events: TrainerEvent[] = []
  const hear = (event: TrainerEvent): void => {
    events.push(event)
    when(event, service)
  }
  const service: TrainingService = createTrainingService(start, hear, means)
  await service.handlers.train(input)
  await service.finished
  return { service, events, ended: eventsOf(events, 'ended')[0] }
}

export const eventsOf = <Type extends RunEvent['type']>(
  events: TrainerEvent[],
  type: Type
): RunEventOf<Type>[] =>
  events.flatMap((event) =>
    event.type === 'event' && event.event.type === type ? [event.event as RunEventOf<Type>] : []
  )

/** The weights that a finished run has written. */
export const weightsIn = async (run: string): Promise<unknown> =>
  (await readSafetensors(join(run, 'model/weights.safetensors'))).tensors

/** Number of the last step that an event tells of; 0 where it tells of none. */
export const lastStepOf = (event: TrainerEvent): number =>
  event.type === 'steps' ? event.batch.first + event.batch.count - 1 : 0
