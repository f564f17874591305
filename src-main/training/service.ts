import { join, resolve } from 'node:path'
import type { ActiveEngine, EngineChoice } from '#contract/engine'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import { LOCK_FILE } from '#contract/run'
import type { TrainerEvent, TrainerRequests } from '#contract/trainer'
import type { Handlers } from '#contract/wire'
import { openWorks } from '#contract/work'
import { forceThreads } from '../engine/environment'
import type { Model } from '../models/build'
import { lock } from '../storage/lock'
import { confusionOf } from './confusion'
import { createControl, type StopWish } from './control'
import { deviationsOf } from './deviations'
import type { StartFeederThread } from './feeder'
import { dropWeights, keepWeights, readFittingWeights } from './first-weights'
import { firstGradients } from './first-gradients'
import { lookAt } from './look'
import { lookBefore } from './look-before'
import { checkMemory, memoryOfMachine } from './memory'
import { openQuestions } from './questions'
import { lastEngine, nativeThreadsOf } from './notices'
import { readEvents, readExperiment, readPreparation, writeExperiment, writePreparation } from './run-log'
import { runToEnd } from './run'
import { testRange } from './range-test'
import { replayRun } from './replay/replay'
import { openModel } from './opened-model'
import { artifactOf, predict, scoresOf } from './stored-model'

/** What a training process answers, and how it is ended from outside. */
export interface TrainingService {
  handlers: Handlers<TrainerRequests>
  stop(wish: StopWish): void
  /** Says whether a run is under way here. */
  readonly isTraining: boolean
  /** Settles when a run that was started here is over, however it ended, and what was asked meanwhile is answered. */
  readonly finished: Promise<void>
}

/** What a training process has at its disposal. */
export interface TrainingMeans {
  /** Bytes that a run must fit into; those of the machine by default. */
  memory?: number
  /** Absent where batches are always made in the training thread. */
  startFeederThread?: StartFeederThread
}

/** Answers the requests of `contract/trainer`; one process trains one run, or one after the other where it is to stay. */
export function createTrainingService(
  startEngine: (choice: EngineChoice) => Promise<ActiveEngine>,
  announce: (event: TrainerEvent) => void,
  { memory = memoryOfMachine(), startFeederThread }: TrainingMeans = {}
): TrainingService {
  let control = createControl()
  const works = openWorks((progress) => announce({ type: 'work', ...progress }))
  /** Another run may begin here when the one before is over. */
  let stays = true
  let isTraining = false
  let underWay: Promise<void> = Promise.resolve()
  let finish: () => void = () => {}
  const finished = new Promise<void>((settle) => (finish = settle))

  // A process has one engine at a time, and a run keeps its own, whatever the run that a question is about would use.
  let engine: { choice: EngineChoice; started: Promise<ActiveEngine> } | undefined
  const start = (choice: EngineChoice): Promise<ActiveEngine> => {
    const mine = (engine = { choice, started: startEngine(choice) })
    mine.started.catch(() => {
      if (engine === mine) engine = undefined
    })
    return mine.started
  }
  const startOrKeep = (choice: EngineChoice): Promise<ActiveEngine> =>
    engine?.choice === choice ? engine.started : start(choice)
  const questions = openQuestions((choice) =>
    engine && (isTraining || engine.choice === choice) ? engine.started : start(choice)
  )

  const train: Handlers<TrainerRequests>['train'] = async ({
    folder,
    experiment: fresh,
    dataset,
    weights,
    moreEpochs,
    stays: staysAfterwards = false
  }) => {
    if (!stays) throw new Error('this process has trained a run already')
    await underWay
    const experiment = fresh ?? (await readExperiment(folder))
    // What cannot be built is refused before anything is written.
    const opened = await openModel(experiment, dataset, fresh ? undefined : await readPreparation(folder))
    checkMemory(experiment, opened.model.summary, opened.parts.train.count, memory)
    const given = fresh && (await weightsFor(fresh, weights, opened.model))
    const held = await lock(join(folder, LOCK_FILE))
    stays = staysAfterwards
    isTraining = true
    if (fresh) {
      try {
        if (given) await keepWeights(folder, given)
        await writePreparation(folder, opened.preparation)
        await writeExperiment(folder, fresh)
      } catch (error) {
        if (given) await dropWeights(folder)
        isTraining = false
        await held.release()
        throw error
      }
    }
    // The same sums in the same pieces; an engine that has answered a question here keeps what it began with.
    const threads = fresh ? undefined : nativeThreadsOf(await readEvents(folder))
    if (threads && !engine) forceThreads(threads)
    const { hold } = questions.watch(folder, opened)
    const run = async (): Promise<void> => {
      announce({ type: 'progress', progress: starting() })
      const active = await startOrKeep(experiment.engine.use)
      const options = {
        folder: resolve(folder),
        experiment,
        opened,
        engine: active,
        moreEpochs,
        control,
        announce,
        startFeederThread
      }
      await runToEnd(options, hold)
    }
    underWay = run()
      .catch((error: unknown) => announce(describeFailure(error)))
      .finally(async () => {
        hold(undefined)
        await held.release()
        isTraining = false
        await questions.answered()
        control = createControl()
        if (stays) announce({ type: 'free' })
        else finish()
      })
    return null
  }

  const acknowledged = (act: () => void) => () => {
    act()
    return null
  }
  return {
    handlers: {
      train,
      pause: acknowledged(() => control.pause()),
      step: acknowledged(() => control.step()),
      resume: acknowledged(() => control.resume()),
      stop: ({ interrupted }) => {
        control.stop(interrupted ? 'interrupted' : 'stopped')
        return null
      },
      change: async (change) => ({ step: await control.change(change) }),
      evaluate: ({ work, ...where }) =>
        works.during(work, (report) =>
          questions.askStored(where, (model, active) => scoresOf(model, active, report))
        ),
      predict: ({ count, features, ...where }) =>
        questions.askStored(where, (model, active) => predict(model, { count, features }, active)),
      look: ({ features, ...where }) => questions.askNewest(where, (model) => lookAt(model, features)),
      confusion: ({ work, ...where }) =>
        works.during(work, (report) => questions.askNewest(where, (model) => confusionOf(model, report))),
      deviations: ({ work, ...where }) =>
        works.during(work, (report) => questions.askNewest(where, (model) => deviationsOf(model, report))),
      diagnose: async ({ experiment, dataset, weights }) => {
        const opened = await openModel(experiment, dataset)
        const engine = await start(experiment.engine.use)
        return { findings: await lookBefore(experiment, opened, weights), engine: engine.name }
      },
      range: ({ experiment, dataset, weights, range, work }) =>
        works.during(work, async (report) => {
          const opened = await openModel(experiment, dataset)
          checkMemory(experiment, opened.model.summary, opened.parts.train.count, memory)
          const engine = await start(experiment.engine.use)
          return {
            ...(await testRange(experiment, opened, weights, range, report)),
            engine: engine.name
          }
        }),
      replay: ({ work, folder, dataset, steps }) =>
        works.during(work, async (report) => {
          const [experiment, events] = [await readExperiment(folder), await readEvents(folder)]
          const opened = await openModel(experiment, dataset, await readPreparation(folder))
          // What computed the first time, if it still can; with as many threads.
          const threads = nativeThreadsOf(events)
          if (threads && !engine) forceThreads(threads)
          const wanted = experiment.engine.use
          const active = await start(lastEngine(events)?.name ?? wanted).catch(() => start(wanted))
          return replayRun({ folder, experiment, events, opened, engine: active, steps }, report)
        }),
      firstGradients: async ({ experiment, dataset, weights }) => {
        const opened = await openModel(experiment, dataset)
        const engine = await startOrKeep(experiment.engine.use)
        return { ...(await firstGradients(experiment, opened, weights)), engine }
      },
      cancel: ({ work }) => works.cancel(work),
      artifact: ({ samples, ...where }) => questions.askStored(where, (model) => artifactOf(model, samples))
    },
    stop(wish) {
      stays = false
      control.stop(wish)
    },
    get isTraining() {
      return isTraining
    },
    finished
  }
}

/** The bytes of the weights that a new run starts from; undefined where its experiment names none. */
function weightsFor(
  { model: { weights: hash } }: Experiment,
  path: string | undefined,
  model: Model
): Promise<Uint8Array> | undefined {
  if (hash === undefined) return undefined
  if (path === undefined) throw new Error('the file with the weights was not given')
  return readFittingWeights(path, hash, model)
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
