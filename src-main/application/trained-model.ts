import { resolve } from 'node:path'
import type { DatasetSummary } from '#contract/dataset'
import { Failure } from '#contract/failure'
import type { Requests } from '#contract/requests'
import type { OutputOf } from '#contract/wire'
import type { ExportFormat, ExportReport } from '#contract/worker'
import type { Children, Trainer } from './children'
import type { Library } from './library'
import type { Paths } from './ports'

/** Samples on which an export is compared with its model. */
const COMPARED_SAMPLES = 100
/** Samples of a file that are predicted at most; what a reader keeps in memory must have an end. */
const PREDICTED_SAMPLES = 100_000

/** What can be done with the newest checkpoint of a stored run. */
export interface TrainedModel {
  evaluate(run: string): Promise<OutputOf<Requests, 'run.evaluate'>>
  predict(run: string, input: string): Promise<OutputOf<Requests, 'run.predict'>>
  export(run: string, format: ExportFormat, path: string, overwrite: boolean): Promise<ExportReport>
}

/** Each task has a trainer of its own, which is ended afterwards. */
export function createTrainedModel(
  { library: folder }: Paths,
  children: Children,
  library: Library
): TrainedModel {
  const { worker } = children

  async function load(run: string): Promise<Loaded> {
    const place = await library.find(run)
    const { current } = await library.open(place)
    const { folder: dataset, summary } = await worker.call('prepare', {
      source: current.data.source,
      library: folder
    })
    return { where: { folder: place.folder, dataset }, summary }
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
    async evaluate(run) {
      const { where } = await load(run)
      return ask((trainer) => trainer.call('evaluate', where))
    },
    async predict(run, input) {
      const { where, summary } = await load(run)
      const samples = await worker.call('readSamples', {
        path: resolve(input),
        shape: summary.featureShape,
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

interface Loaded {
  where: { folder: string; dataset: string }
  summary: DatasetSummary
}
