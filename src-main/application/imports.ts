import { basename, resolve } from 'node:path'
import type { DatasetSummary } from '#contract/dataset'
import { parseExperiment, type Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { ForeignModel } from '#contract/import'
import type { Requests } from '#contract/requests'
import type { OutputOf } from '#contract/wire'
import type { WorkerEvent, WorkerRequests } from '#contract/worker'
import type { Child, Children, Waiting } from './children'
import type { Ports } from './ports'
import type { WeightStore } from './weights'

/** A damaged file can keep its reader busy for ever; no sound one takes so long. */
const PATIENCE_MS = 60_000

/** Models of other programs. */
export interface Imports {
  /** @throws Failure `import.*`, `storage.*`, `experiment.*` for a base that is none */
  import(path: string, base: unknown, waiting?: Waiting): Promise<OutputOf<Requests, 'model.import'>>
  /** What a model file holds; null for a path that does not look like one. @throws Failure `import.*`, `storage.*` */
  inspect(path: string): Promise<ForeignModel | null>
}

/** Each file is read by a worker of its own, which is ended afterwards, or as soon as nobody waits any more. */
export function createImports(
  { paths: { library }, clock }: Ports,
  children: Children,
  weights: WeightStore
): Imports {
  async function apart<Result>(
    path: string,
    task: (worker: Child<WorkerRequests, WorkerEvent>) => Promise<Result>,
    signal?: AbortSignal
  ): Promise<Result> {
    const worker = children.startWorker()
    let isLate = false
    const end = (): void => worker.kill()
    const callOff = clock.after(PATIENCE_MS, () => {
      isLate = true
      worker.kill()
    })
    signal?.addEventListener('abort', end)
    try {
      signal?.throwIfAborted()
      return await task(worker)
    } catch (error) {
      throw isLate ? new Failure('import.neverEnds', { path, seconds: PATIENCE_MS / 1000 }) : error
    } finally {
      callOff()
      signal?.removeEventListener('abort', end)
      end()
    }
  }

  async function groundOf(
    base: unknown,
    waiting: Waiting | undefined
  ): Promise<{ experiment: Experiment; data: DatasetSummary }> {
    const experiment = parseExperiment(base)
    const { summary: data } = await children.worker.call(
      'prepare',
      { source: experiment.data.source, library },
      waiting
    )
    return { experiment, data }
  }

  return {
    async import(given, base, waiting) {
      const path = resolve(given)
      const ground = base === undefined ? {} : { ground: await groundOf(base, waiting) }
      waiting?.report({ key: 'import.reading', values: { name: basename(path) } })
      const { model, composed } = await apart(
        path,
        (worker) => worker.call('importModel', { path, ...ground }),
        waiting?.signal
      )
      if (!composed) return { model }
      const { experiment, tensors } = composed
      if (tensors.length === 0) return { model, experiment }
      const hash = await weights.keep(tensors)
      return { model, experiment: { ...experiment, model: { ...experiment.model, weights: hash } } }
    },
    inspect(given) {
      const path = resolve(given)
      return apart(path, (worker) => worker.call('inspectModel', { path }))
    }
  }
}
