import { resolve } from 'node:path'
import type { DatasetSummary } from '#contract/dataset'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Confusion, Deviations, Look, TestedSamples } from '#contract/look'
import type { RateRange } from '#contract/range'
import type { Requests } from '#contract/requests'
import type { Replay, StepRange } from '#contract/replay'
import { isActive, type RunDetail } from '#contract/run'
import type { OutputOf } from '#contract/wire'
import { partOf } from '#contract/work'
import type { ExportFormat, ExportReport } from '#contract/worker'
import { askLong, type Children, type Trainer, type Waiting } from './children'
import { lastOf } from './history'
import type { Library } from './library'
import type { Paths } from './ports'
import type { Runs } from './runs'
import type { WarmTrainer } from './warm-trainer'
import type { WeightStore } from './weights'

/** Samples on which an export is compared with its model. */
const COMPARED_SAMPLES = 100
/** Samples of a file that are predicted at most; what a reader keeps in memory must have an end. */
const PREDICTED_SAMPLES = 100_000
/** Shares of an export that are done when the data is read, and when the model has answered for its samples. */
const DATA_READ = 0.3
const MODEL_READ = 0.6

/** Where an export goes, and in which form. */
export interface ExportTarget {
  format: ExportFormat
  path: string
  overwrite: boolean
}

/** What can be done with the newest weights of a run. */
export interface TrainedModel {
  /** While the run is at work its own trainer answers, else the one that is kept warm. */
  look(run: string, features: Float32Array): Promise<Look>
  confusion(run: string, waiting?: Waiting): Promise<Confusion>
  deviations(run: string, waiting?: Waiting): Promise<Deviations>
  /** Samples of the part that the run is tested on. */
  samples(run: string, question: { offset: number; count: number }): Promise<TestedSamples>
  evaluate(run: string, waiting?: Waiting): Promise<OutputOf<Requests, 'run.evaluate'>>
  /** Runs steps of a run that is over again. @throws Failure `replay.atWork`, `replay.*` */
  replay(run: string, steps: StepRange | undefined, waiting?: Waiting): Promise<Replay>
  /** What is to be seen of an experiment before it is trained. */
  diagnose(experiment: Experiment): Promise<OutputOf<Requests, 'experiment.diagnose'>>
  /** How its loss goes while its learning rate grows. */
  testRange(
    experiment: Experiment,
    range: RateRange,
    waiting?: Waiting
  ): Promise<OutputOf<Requests, 'experiment.range'>>
  predict(run: string, input: string): Promise<OutputOf<Requests, 'run.predict'>>
  export(run: string, target: ExportTarget, waiting?: Waiting): Promise<ExportReport>
}

/** What is scored, predicted or exported at its newest checkpoint has a trainer of its own, which is ended afterwards. */
export function createTrainedModel(
  { library: folder }: Paths,
  children: Children,
  library: Library,
  runs: Runs,
  weights: WeightStore,
  warm: WarmTrainer<Where>
): TrainedModel {
  const { worker } = children

  /** What a trainer needs of an experiment that was not trained. */
  async function prepareNew(experiment: Experiment, waiting?: Waiting) {
    const { source } = experiment.data
    const { folder: dataset } = await worker.call('prepare', { source, library: folder }, waiting)
    return { experiment, dataset, ...weights.taskOf(experiment) }
  }

  async function load(run: string, waiting?: Waiting): Promise<Loaded> {
    return prepare(await library.open(await library.find(run)), waiting)
  }

  async function prepare({ listing, current }: RunDetail, waiting?: Waiting): Promise<Loaded> {
    const { source } = current.data
    const prepared = await worker.call('prepare', { source, library: folder }, waiting)
    return { where: { folder: listing.folder, dataset: prepared.folder }, summary: prepared.summary }
  }

  /** Asks about the newest weights there are: those of the run under way, else those of its newest checkpoint. */
  async function askNewest<Answer>(
    run: string,
    question: (trainer: Trainer, where: Where) => Promise<Answer>
  ): Promise<Answer> {
    const place = await library.find(run)
    const active = runs.atWork(place.id)
    if (active?.dataset !== undefined) {
      try {
        return await question(active.trainer, { folder: place.folder, dataset: active.dataset })
      } catch (error) {
        // A run may end, and its trainer leave, before it has answered.
        if (!active.isOver) throw error
      }
    }
    const stored = await library.open(place)
    const checkpoint = lastOf(stored.events, 'checkpoint')
    const key = JSON.stringify([place.id, checkpoint?.file, checkpoint?.step])
    return warm.ask(key, async () => (await prepare(stored)).where, question)
  }

  async function ask<Result>(
    task: (trainer: Trainer) => Promise<Result>,
    signal?: AbortSignal
  ): Promise<Result> {
    const trainer = children.startTrainer()
    signal?.addEventListener('abort', trainer.kill)
    try {
      return await task(trainer)
    } finally {
      signal?.removeEventListener('abort', trainer.kill)
      trainer.kill()
    }
  }

  return {
    look: (run, features) => askNewest(run, (trainer, where) => trainer.call('look', { ...where, features })),
    confusion: (run, waiting) =>
      askNewest(run, (trainer, where) =>
        askLong(trainer, waiting, (work) => trainer.call('confusion', { ...where, ...work }))
      ),
    deviations: (run, waiting) =>
      askNewest(run, (trainer, where) =>
        askLong(trainer, waiting, (work) => trainer.call('deviations', { ...where, ...work }))
      ),
    async samples(run, question) {
      const { current } = await library.open(await library.find(run))
      return worker.call('testedSamples', { ...question, experiment: current, library: folder })
    },
    async evaluate(run, waiting) {
      const { where } = await load(run, waiting)
      return ask(
        (trainer) => askLong(trainer, waiting, (work) => trainer.call('evaluate', { ...where, ...work })),
        waiting?.signal
      )
    },
    async replay(run, steps, waiting) {
      const place = await library.find(run)
      const stored = await library.open(place)
      if (runs.atWork(place.id) || isActive(stored.listing.state)) throw new Failure('replay.atWork', { run })
      const { where } = await prepare(stored, waiting)
      return ask(
        (trainer) =>
          askLong(trainer, waiting, (work) =>
            trainer.call('replay', { ...where, ...(steps && { steps }), ...work })
          ),
        waiting?.signal
      )
    },
    async diagnose(experiment) {
      const untrained = await prepareNew(experiment)
      return ask((trainer) => trainer.call('diagnose', untrained))
    },
    async testRange(experiment, range, waiting) {
      const { from, to } = range
      if (from >= to) throw new Failure('run.rangeOrder', { from, to })
      const untrained = await prepareNew(experiment, waiting)
      return ask(
        (trainer) =>
          askLong(trainer, waiting, (work) => trainer.call('range', { ...untrained, range, ...work })),
        waiting?.signal
      )
    },
    async predict(run, input) {
      const { where, summary } = await load(run)
      const samples = await worker.call('readSamples', {
        path: resolve(input),
        shape: summary.featureShape,
        ...(summary.columns && { columns: summary.columns }),
        ...(bringsToSize(summary) && { resize: true }),
        limit: PREDICTED_SAMPLES
      })
      if (samples.count === 0) throw new Failure('run.noSamples', { path: input })
      const { outputs, size } = await ask((trainer) => trainer.call('predict', { ...where, ...samples }))
      return { count: samples.count, outputs, size, ...(summary.classes && { classes: summary.classes }) }
    },
    async export(run, { format, path, overwrite }, waiting) {
      const { signal } = waiting ?? {}
      const part = (from: number, to: number): Waiting | undefined =>
        waiting && { ...waiting, report: partOf(waiting.report, from, to) }
      const { where } = await load(run, part(0, DATA_READ))
      waiting?.report({ key: 'export.answering', values: { samples: COMPARED_SAMPLES } }, DATA_READ)
      const artifact = await ask(
        (trainer) => trainer.call('artifact', { ...where, samples: COMPARED_SAMPLES }),
        signal
      )
      return worker.call('export', { artifact, format, path: resolve(path), overwrite }, part(MODEL_READ, 1))
    }
  }
}

/** Says whether the images of a source were brought to one size, as those to be predicted are then. */
const bringsToSize = ({ source }: DatasetSummary): boolean =>
  source.use === 'imageFolder' && source.size !== undefined

/** Folders of a run and of its prepared dataset. */
export interface Where {
  folder: string
  dataset: string
}
interface Loaded {
  where: Where
  summary: DatasetSummary
}
