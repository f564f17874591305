import { SvelteMap } from 'svelte/reactivity'
import type { ExportReport } from '#contract/worker'
import type { Session } from './session.svelte'
import type { Task } from './works.svelte'

/** Exports by their runs, as they were asked for last; they go on while another view is looked at. */
export class Exports {
  readonly #session: Session
  readonly #tasks = new SvelteMap<string, Task<ExportReport>>()

  constructor(session: Session) {
    this.#session = session
  }

  of = (run: string): Task<ExportReport> | undefined => this.#tasks.get(run)

  start(run: string, path: string, overwrite: boolean): void {
    const { works, call } = this.#session
    const order = { run, format: 'tfjs', path, overwrite } as const
    this.#tasks.set(
      run,
      works.start((work) => call('run.export', { ...order, work }))
    )
  }
}
