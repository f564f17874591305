import { resolve } from 'node:path'
import type { WorkbenchEvent } from '#contract/events'
import { parseExperiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Requests } from '#contract/requests'
import type { RunListing } from '#contract/run'
import type { Handlers } from '#contract/wire'
import { openWorks } from '#contract/work'
import { openBrowsing } from './browsing'
import { superviseChildren, type Waiting } from './children'
import { watchGpu } from './gpu-watch'
import { createInstallation } from './installation'
import { readEvents } from './library'
import { prepareLibraryFolder } from './library-choice'
import { openLibraryAt } from './opened-library'
import type { Ports } from './ports'
import { createPreferences } from './settings'
import { diagnoseStored } from './diagnosis'
import { readMeasures } from './measures'
import { readWindow } from './windows'

/** Runs have this long to write a checkpoint when the workbench closes. */
const CLOSE_PATIENCE_MS = 5_000

/** What the product can do, whatever shell asks. */
export interface Workbench {
  handlers: Handlers<Requests>
  on(listener: (event: WorkbenchEvent) => void): () => void
  /** Runs that a trainer is at work on. */
  active(): RunListing[]
  /** Takes in files that come as bytes; answers with the path to open. @throws Failure `data.upload*`, `storage.*` */
  receive(body: AsyncIterable<Uint8Array>): Promise<string>
  /** Interrupts what is under way, runs with a checkpoint, and ends every process, after `patience` ms at the latest. */
  close(patience?: number): Promise<void>
}

/** Assembles a workbench; nothing is read and no process started until something is asked. */
export function createWorkbench(ports: Ports): Workbench {
  const { version, shell, paths, engine, desktop } = ports
  const listeners = new Set<(event: WorkbenchEvent) => void>()
  const announce = (event: WorkbenchEvent): void => {
    listeners.forEach((listener) => listener(event))
    gpu.hear(event)
  }
  const gpu = watchGpu(() => engine.sampleGpu(), ports.clock, announce)

  const works = openWorks((progress) => announce({ type: 'work.progress', ...progress }))
  /** Does something that may take long. Without a name nobody waits for word of it. */
  const during = <Result>(
    work: string | undefined,
    task: (waiting?: Waiting) => Promise<Result>
  ): Promise<Result> =>
    work === undefined ? task() : works.during(work, (report, signal) => task({ report, signal }))
  const children = superviseChildren(ports)
  const preferences = createPreferences(ports.settings, announce)
  const installation = createInstallation(engine, announce)
  const browsing = openBrowsing(paths.browsable ?? [])
  const { worker } = children
  /** The library that is open; another one takes its place when the user wants it. */
  let opened = openLibraryAt(paths.library, ports, children, announce)
  let rule = ports.libraryRule

  async function useLibrary(wanted: string | null): Promise<{ library: string }> {
    if (rule.source === 'environment')
      throw new Failure('library.decidedByEnvironment', { folder: opened.folder })
    if (opened.runs.isAnyActive()) throw new Failure('library.inUse')
    const folder = wanted === null ? rule.system : await prepareLibraryFolder(wanted)
    await opened.warm.end()
    await preferences.keepLibrary(wanted === null ? undefined : folder)
    rule = { source: wanted === null ? 'system' : 'settings', system: rule.system }
    opened = openLibraryAt(folder, ports, children, announce)
    announce({ type: 'library.changed', library: folder })
    return { library: folder }
  }

  const handlers: Handlers<Requests> = {
    describe: async () => ({
      version,
      shell,
      library: opened.folder,
      librarySource: rule.source,
      ...(rule.problem && { libraryProblem: rule.problem }),
      engine: await engine.status(),
      presets: await opened.library.presets()
    }),
    'work.cancel': ({ work }) => works.cancel(work),
    'library.use': ({ folder }) => useLibrary(folder),
    'desktop.choose': async ({ what }) => {
      if (!desktop) throw new Failure('request.desktopOnly')
      return { path: (await desktop.choose(what)) ?? null }
    },

    'files.roots': () => browsing.roots(),
    'files.list': ({ path }) => browsing.list(path),
    'files.room': ({ bytes, files }) => opened.uploads.makeRoom(bytes, files).then(nothing),

    'engine.status': async ({ verify }) => {
      if (verify) await engine.findDamage()
      return engine.status()
    },
    'engine.install': (wanted) => installation.install(wanted),
    'engine.cancel': () => installation.cancel().then(nothing),
    'engine.remove': async ({ gpu }) => {
      if (opened.runs.isAnyActive()) throw new Failure('run.engineInUse')
      await opened.warm.end()
      return engine.remove({ ...(gpu && { gpu }) }).then(nothing)
    },

    'data.describe': ({ source, work }) =>
      during(work, async (waiting) => {
        const order = { source, library: opened.folder }
        return (await worker.call('prepare', order, waiting)).summary
      }),
    'data.samples': (question) => worker.call('samples', { ...question, library: opened.folder }),
    'data.plan': (input) =>
      worker.call('planData', { experiment: parseExperiment(input.experiment), library: opened.folder }),
    'data.augmentation': ({ experiment, ...question }) =>
      worker.call('augment', {
        ...question,
        experiment: parseExperiment(experiment),
        library: opened.folder
      }),
    'data.inspect': ({ path, work }) =>
      during(work, (waiting) => worker.call('inspect', { path: resolve(path) }, waiting)),
    'data.open': ({ path, work }) =>
      during(work, async (waiting) => {
        const source = await worker.call('recognize', { path: resolve(path) })
        const order = { source, library: opened.folder }
        return (await worker.call('prepare', order, waiting)).summary
      }),
    'model.describe': async (input) => {
      const experiment = parseExperiment(input.experiment)
      const order = { source: experiment.data.source, library: opened.folder }
      const { summary } = await worker.call('prepare', order)
      return worker.call('describeModel', { experiment, data: summary })
    },
    'model.import': ({ path, base, work }) =>
      during(work, (waiting) => opened.imports.import(path, base, waiting)),
    'model.inspect': ({ path }) => opened.imports.inspect(path),

    // Training needs the memory that a trainer which is only kept warm may hold.
    'run.start': ({ experiment, out, insteadOf }) => {
      void opened.warm.end()
      return opened.runs.start(experiment, { out, insteadOf })
    },
    'run.continue': ({ run, moreEpochs }) => {
      void opened.warm.end()
      return opened.runs.continue(run, { moreEpochs })
    },
    'run.pause': async ({ run }) => (await opened.runs.active(run)).trainer.call('pause', {}),
    'run.step': async ({ run }) => (await opened.runs.active(run)).trainer.call('step', {}),
    'run.resume': async ({ run }) => (await opened.runs.active(run)).trainer.call('resume', {}),
    'run.stop': async ({ run }) => (await opened.runs.active(run)).stop().then(nothing),
    'run.change': async ({ run, path, value }) =>
      (await opened.runs.active(run)).trainer.call('change', { path, value }),

    'run.list': () => opened.runs.list(),
    'run.open': ({ run }) => opened.runs.open(run),
    'run.window': async ({ run, ...window }) => {
      const { folder } = await opened.library.find(run)
      return readWindow(folder, await readEvents(folder), window)
    },
    'run.measures': async ({ run, from }) => readMeasures((await opened.library.find(run)).folder, from),
    'run.look': ({ run, features }) => opened.models.look(run, features),
    'run.confusion': ({ run, work }) => during(work, (waiting) => opened.models.confusion(run, waiting)),
    'run.deviations': ({ run, work }) => during(work, (waiting) => opened.models.deviations(run, waiting)),
    'run.samples': ({ run, ...question }) => opened.models.samples(run, question),
    'run.rename': ({ run, name }) => opened.curation.rename(run, name).then(nothing),
    'run.note': ({ run, note }) => opened.curation.note(run, note).then(nothing),
    'run.delete': async ({ run }) => {
      // On Windows a folder cannot be moved while a process reads in it.
      await opened.warm.end()
      return opened.curation.delete(run).then(nothing)
    },
    'run.restore': ({ run }) => opened.curation.restore(run).then(nothing),

    'draft.read': async () => ({ draft: await opened.draft.read() }),
    'draft.save': async ({ draft, window }) => {
      await opened.draft.save(draft)
      announce({ type: 'draft.saved', ...(window !== undefined && { window }) })
      return null
    },
    'experiment.list': () => opened.experiments.list(),
    'experiment.open': ({ id }) => opened.experiments.open(id),
    'experiment.save': ({ experiment, id }) => opened.experiments.save(experiment, id),
    'experiment.delete': ({ id }) => opened.experiments.delete(id).then(nothing),
    'settings.read': () => preferences.read(),
    'settings.change': (changed) => preferences.change(changed),

    'experiment.diagnose': ({ experiment }) => opened.models.diagnose(parseExperiment(experiment)),
    'experiment.range': ({ experiment, work, ...range }) =>
      during(work, (waiting) => opened.models.testRange(parseExperiment(experiment), range, waiting)),
    'run.diagnose': async ({ run }) => diagnoseStored(await opened.library.find(run)),

    'run.replay': ({ run, steps, work }) =>
      during(work, (waiting) => opened.models.replay(run, steps, waiting)),
    'study.list': () => opened.studies.list(),
    'study.run': (order) => {
      void opened.warm.end()
      return during(order.work, (waiting) => opened.studies.run(order, waiting))
    },

    'run.evaluate': ({ run, work }) => during(work, (waiting) => opened.models.evaluate(run, waiting)),
    'run.predict': ({ run, input }) => opened.models.predict(run, input),
    'run.export': ({ run, work, ...target }) =>
      during(work, (waiting) => opened.models.export(run, target, waiting))
  }

  return {
    handlers,
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    active: () => opened.runs.activeListings(),
    receive: (body) => opened.uploads.receive(body),
    async close(patience = CLOSE_PATIENCE_MS) {
      const cancelled = installation.cancel()
      void opened.warm.end()
      await opened.runs.close(patience)
      gpu.end()
      if (patience > 0) await cancelled
      children.kill()
    }
  }
}

const nothing = (): null => null
