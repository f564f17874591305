import type { DatasetSummary } from '#contract/dataset'
import type { Replay, StepRange } from '#contract/replay'
import type { Source } from '#contract/vocabulary'
import type { Session } from './session.svelte'
import type { Task } from './works.svelte'

/** Steps of a run that were run again, with the data that its samples are from. */
export interface Replayed {
  name: string
  replay: Replay
  source: Source
  data: DatasetSummary
}

/** A run under the microscope: some of its steps run again. */
export class Microscope {
  readonly #session: Pick<Session, 'works' | 'call'>
  #run = $state<string>()
  #task = $state.raw<Task<Replayed>>()

  constructor(session: Pick<Session, 'works' | 'call'>) {
    this.#session = session
  }

  /** The run that is looked at. */
  get run(): string | undefined {
    return this.#run
  }
  /** How far its steps are, and what came of them; undefined while none is looked at. */
  get task(): Task<Replayed> | undefined {
    return this.#task
  }

  /** Runs steps of a run again: those before it broke where none are named. What is under way is called off. */
  look(run: string, steps?: StepRange): void {
    this.close()
    const { works, call } = this.#session
    this.#run = run
    this.#task = works.start(async (work) => {
      const [replay, { listing, current }] = await Promise.all([
        call('run.replay', { run, ...(steps && { steps }), work }),
        call('run.open', { run })
      ])
      const { source } = current.data
      return { name: listing.name, replay, source, data: await call('data.describe', { source }) }
    })
  }

  /** Calls off what is under way and forgets the run. */
  close(): void {
    if (this.#task?.running) this.#task.cancel()
    this.#run = undefined
    this.#task = undefined
  }
}
