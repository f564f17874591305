import { resolve } from 'node:path'
import type { DatasetSummary } from '#contract/dataset'
import { Failure } from '#contract/failure'
import type { Confusion, Look } from '#contract/look'
import type { Requests } from '#contract/requests'
import type { RunDetail } from '#contract/run'
import type { OutputOf } from '#contract/wire'
import type { ExportFormat, ExportReport } from '#contract/worker'
import type { Children, Trainer } from './children'
import { lastOf } from './history'
import type { Library } from './library'
import type { Paths } from './ports'
import type { Runs } from './runs'
import type { WarmTrainer } from './warm-trainer'

/** Samples on which an export is compared with its model. */
const COMPARED_SAMPLES = 100
/** Samples of a file that are predicted at most; what a reader keeps in memory must have an end. */
const PREDICTED_SAMPLES = 100_000

/** What can be done with the newest weights of a run. */
export interface TrainedModel {
  /** While the run is at work its own trainer answers, else the one that is kept warm. */
  look(run: string, features: Float32Array): Promise<Look>
  confusion(run: string): Promise<Confusion>
  evaluate(run: string): Promise<OutputOf<Requests, 'run.evaluate'>>
  predict(run: string, input: string): Promise<OutputOf<Requests, 'run.predict'>>
  export(run: string, format: ExportFormat, path: string, overwrite: boolean): Promise<ExportReport>
}

/** What is scored, predicted or exported at its newest checkpoint has a trainer of its own, which is ended afterwards. */
export function createTrainedModel(
  { library: folder }: Paths,
  children: Children,
  library: Library,
  runs: Runs,
  warm: WarmTrainer<Where>
): TrainedModel {
  const { worker } = children

  async function load(run: string): Promise<Loaded> {
    return prepare(await library.open(await library.find(run)))
  }

  async function prepare({ listing, current }: RunDetail): Promise<Loaded> {
    const { folder: dataset, summary } = await worker.call('prepare', {
      source: current.data.source,
      library: folder
    })
    return { where: { folder: listing.folder, dataset }, summary }
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

  async function ask<Result>(task: (trainer: Trainer) => Promise<Result>): Promise<Result> {
    const trainer = children.startTrainer()
    try {
      return await task(trainer)
    } finally {
      trainer.kill()
    }
  }

  return {
    look: (run, features) => askNewest(run, (trainer, where) => trainer.call('look', { ...where, features })),
    confusion: (run) => askNewest(run, (trainer, where) => trainer.call('confusion', where)),
    async evaluate(run) {
      const { where } = await load(run)
      return ask((trainer) => trainer.call('evaluate', where))
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
    async export(run, format, path, overwrite) {
      const { where } = await load(run)
      const artifact = await ask((trainer) =>
        trainer.call('artifact', { ...where, samples: COMPARED_SAMPLES })
      )
      return worker.call('export', { artifact, format, path: resolve(path), overwrite })
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
