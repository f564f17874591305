import { join, resolve } from 'node:path'
import type { ActiveEngine, EngineChoice } from '#contract/engine'
import { Failure } from '#contract/failure'
import { LOCK_FILE } from '#contract/run'
import type { TrainerEvent, TrainerRequests } from '#contract/trainer'
import type { Handlers } from '#contract/wire'
import { lock } from '../storage/lock'
import { createControl, type StopWish } from './control'
import { readExperiment, writeExperiment } from './run-log'
import { runToEnd } from './run'
import { openModel } from './session'
import { evaluateStored, predictStored, readArtifact } from './stored-model'

/** What a training process answers, and how it is ended from outside. */
export interface TrainingService {
  handlers: Handlers<TrainerRequests>
  stop(wish: StopWish): void
  /** Says whether a run is under way here. */
  readonly isTraining: boolean
  /** Settles when a run that was started here is over, however it ended. */
  readonly finished: Promise<void>
}

/** Answers the requests of `contract/trainer`; one process trains one run. */
export function createTrainingService(
  startEngine: (choice: EngineChoice) => Promise<ActiveEngine>,
  announce: (event: TrainerEvent) => void
): TrainingService {
  const control = createControl()
  let hasRun = false
  let isTraining = false
  let finish: () => void = () => {}
  const finished = new Promise<void>((settle) => (finish = settle))

  const train: Handlers<TrainerRequests>['train'] = async ({
    folder,
    experiment: fresh,
    dataset,
    moreEpochs
  }) => {
    if (hasRun) throw new Error('this process has trained a run already')
    const experiment = fresh ?? (await readExperiment(folder))
    // What cannot be built is refused before anything is written.
    const opened = await openModel(experiment, dataset)
    const held = await lock(join(folder, LOCK_FILE))
    hasRun = true
    isTraining = true
    if (fresh) {
      await writeExperiment(folder, fresh).catch(async (error: unknown) => {
        await held.release()
        throw error
      })
    }
    const run = async (): Promise<void> => {
      announce({ type: 'progress', progress: starting() })
      const engine = await startEngine(experiment.engine.use)
      await runToEnd({ folder: resolve(folder), experiment, opened, engine, moreEpochs, control, announce })
    }
    void run()
      .catch((error: unknown) => announce(describeFailure(error)))
      .finally(async () => {
        await held.release()
        isTraining = false
        finish()
      })
    return null
  }
  const engineOf = async (folder: string): Promise<ActiveEngine> => {
    const { engine } = await readExperiment(folder)
    return startEngine(engine.use)
  }
  const acknowledged = (act: () => void) => () => {
    act()
    return null
  }
  return {
    handlers: {
      train,
      pause: acknowledged(control.pause),
      step: acknowledged(control.step),
      resume: acknowledged(control.resume),
      stop: ({ interrupted }) => {
        control.stop(interrupted ? 'interrupted' : 'stopped')
        return null
      },
      change: async (change) => ({ step: await control.change(change) }),
      evaluate: async ({ folder, dataset }) => evaluateStored(folder, dataset, await engineOf(folder)),
      predict: async ({ folder, dataset, count, features }) =>
        predictStored(folder, dataset, { count, features }, await engineOf(folder)),
      artifact: async ({ folder, dataset, samples }) => {
        await engineOf(folder)
        return readArtifact(folder, dataset, samples)
      }
    },
    stop: control.stop,
    get isTraining() {
      return isTraining
    },
    finished
  }
}

const starting = () => ({
  state: 'preparing' as const,
  step: 0,
  steps: 0,
  epoch: 0,
  stepsPerSecond: 0,
  memory: process.memoryUsage.rss(),
  activity: { key: 'training.activity.engine' as const }
})

function describeFailure(error: unknown): TrainerEvent {
  if (error instanceof Failure)
    return { type: 'failed', message: { key: error.key, values: error.values }, kind: error.kind }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return {
    type: 'failed',
    message: { key: 'training.bug', values: { problem: message } },
    kind: 'bug',
    stack
  }
}
