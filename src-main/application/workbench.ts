import { resolve } from 'node:path'
import type { WorkbenchEvent } from '#contract/events'
import { parseExperiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Requests } from '#contract/requests'
import type { Handlers } from '#contract/wire'
import { superviseChildren } from './children'
import { createCuration } from './curation'
import { openDraft } from './draft'
import { openExperiments } from './experiments'
import { createImports } from './imports'
import { createInstallation } from './installation'
import { openLabels } from './labels'
import { openLibrary, readEvents } from './library'
import type { Ports } from './ports'
import { createRuns } from './runs'
import { createPreferences } from './settings'
import { createTrainedModel, type Where } from './trained-model'
import { openTrash } from './trash'
import { createWarmTrainer } from './warm-trainer'
import { openWeights } from './weights'
import { readWindow } from './windows'

/** Runs have this long to write a checkpoint when the workbench closes. */
const CLOSE_PATIENCE_MS = 5_000

/** What the product can do, whatever shell asks. */
export interface Workbench {
  handlers: Handlers<Requests>
  on(listener: (event: WorkbenchEvent) => void): () => void
  /** Interrupts what is under way, runs with a checkpoint, and ends every process, after `patience` ms at the latest. */
  close(patience?: number): Promise<void>
}

/** Assembles a workbench; nothing is read and no process started until something is asked. */
export function createWorkbench(ports: Ports): Workbench {
  const { version, shell, paths, clock, engine } = ports
  const listeners = new Set<(event: WorkbenchEvent) => void>()
  const announce = (event: WorkbenchEvent): void => listeners.forEach((listener) => listener(event))

  const children = superviseChildren(ports)
  const labels = openLabels(paths.library)
  const trash = openTrash(paths.library)
  const draft = openDraft(paths.library)
  const library = openLibrary(paths, clock, labels)
  const experiments = openExperiments(paths.library, trash)
  const weights = openWeights(paths.library)
  const runs = createRuns(ports, children, library, weights, announce)
  const curation = createCuration({ library, labels, trash, runs }, announce)
  const warm = createWarmTrainer<Where>(children, clock)
  const models = createTrainedModel(paths, children, library, runs, warm)
  const imports = createImports(ports, children, weights)
  const preferences = createPreferences(ports.settings, announce)
  const installation = createInstallation(engine, announce)
  const { worker } = children

  const handlers: Handlers<Requests> = {
    describe: async () => ({
      version,
      shell,
      library: paths.library,
      engine: await engine.status(),
      presets: await library.presets()
    }),

    'engine.status': () => engine.status(),
    'engine.install': ({ from }) => installation.install(from),
    'engine.cancel': () => installation.cancel().then(nothing),
    'engine.remove': async () => {
      if (runs.isAnyActive()) throw new Failure('run.engineInUse')
      await warm.end()
      return engine.remove().then(nothing)
    },

    'data.describe': async ({ source }) =>
      (await worker.call('prepare', { source, library: paths.library })).summary,
    'data.samples': (question) => worker.call('samples', { ...question, library: paths.library }),
    'data.plan': (input) =>
      worker.call('planData', { experiment: parseExperiment(input.experiment), library: paths.library }),
    'data.augmentation': ({ experiment, ...question }) =>
      worker.call('augment', {
        ...question,
        experiment: parseExperiment(experiment),
        library: paths.library
      }),
    'data.inspect': ({ path }) => worker.call('inspect', { path: resolve(path) }),
    'model.describe': async (input) => {
      const experiment = parseExperiment(input.experiment)
      const { summary } = await worker.call('prepare', {
        source: experiment.data.source,
        library: paths.library
      })
      return worker.call('describeModel', { experiment, data: summary })
    },
    'model.import': ({ path, base }) => imports.import(path, base),
    'model.inspect': ({ path }) => imports.inspect(path),

    // Training needs the memory that a trainer which is only kept warm may hold.
    'run.start': ({ experiment, out }) => {
      void warm.end()
      return runs.start(experiment, out)
    },
    'run.continue': ({ run, moreEpochs }) => {
      void warm.end()
      return runs.continue(run, moreEpochs)
    },
    'run.pause': async ({ run }) => (await runs.active(run)).trainer.call('pause', {}),
    'run.step': async ({ run }) => (await runs.active(run)).trainer.call('step', {}),
    'run.resume': async ({ run }) => (await runs.active(run)).trainer.call('resume', {}),
    'run.stop': async ({ run }) => (await runs.active(run)).stop().then(nothing),
    'run.change': async ({ run, path, value }) =>
      (await runs.active(run)).trainer.call('change', { path, value }),

    'run.list': () => runs.list(),
    'run.open': ({ run }) => runs.open(run),
    'run.window': async ({ run, ...window }) => {
      const { folder } = await library.find(run)
      return readWindow(folder, await readEvents(folder), window)
    },
    'run.look': ({ run, features }) => models.look(run, features),
    'run.confusion': ({ run }) => models.confusion(run),
    'run.rename': ({ run, name }) => curation.rename(run, name).then(nothing),
    'run.note': ({ run, note }) => curation.note(run, note).then(nothing),
    'run.delete': async ({ run }) => {
      // On Windows a folder cannot be moved while a process reads in it.
      await warm.end()
      return curation.delete(run).then(nothing)
    },
    'run.restore': ({ run }) => curation.restore(run).then(nothing),

    'draft.read': async () => ({ draft: await draft.read() }),
    'draft.save': (input) => draft.save(input.draft).then(nothing),
    'experiment.list': () => experiments.list(),
    'experiment.open': ({ id }) => experiments.open(id),
    'experiment.save': ({ experiment, id }) => experiments.save(experiment, id),
    'experiment.delete': ({ id }) => experiments.delete(id).then(nothing),
    'settings.read': () => preferences.read(),
    'settings.change': (changed) => preferences.change(changed),

    'run.evaluate': ({ run }) => models.evaluate(run),
    'run.predict': ({ run, input }) => models.predict(run, input),
    'run.export': ({ run, format, path, overwrite }) => models.export(run, format, path, overwrite)
  }

  return {
    handlers,
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close(patience = CLOSE_PATIENCE_MS) {
      const cancelled = installation.cancel()
      void warm.end()
      await runs.close(patience)
      if (patience > 0) await cancelled
      children.kill()
    }
  }
}

const nothing = (): null => null
