import type { DatasetSummary } from '#contract/dataset'
import type { Source } from '#contract/vocabulary'
import type { FileDoor } from '../workbench'
import { Delivery } from './delivery.svelte'
import type { Picked } from './picked-files'
import type { Session } from './session.svelte'
import type { Toasts } from './toasts.svelte'
import type { Task } from './works.svelte'

/** Opening a file or a folder with data: it is looked at before the experiment uses it. */
export class Opening {
  readonly #session: Session
  readonly #toasts: Toasts
  readonly delivery: Delivery
  #name = $state<string>()
  #task = $state.raw<Task<DatasetSummary>>()
  #known = $state.raw<DatasetSummary>()
  #error = $state.raw<unknown>()

  constructor(session: Session, toasts: Toasts, door: FileDoor) {
    this.#session = session
    this.#toasts = toasts
    this.delivery = new Delivery(session.call, door)
  }

  /** What is being opened, as the user knows it; undefined while nothing is. */
  get name(): string | undefined {
    return this.#name
  }
  get task(): Task<DatasetSummary> | undefined {
    return this.#task
  }
  /** What the data turned out to be, as it was read last. */
  get summary(): DatasetSummary | undefined {
    return this.#known
  }
  /** Why it cannot be used, or not in the way that was wanted last. */
  get error(): unknown {
    return this.#error
  }

  /** Says whether it is still being sent or read. */
  get isUnderWay(): boolean {
    return this.delivery.sending !== undefined || this.#task?.running === true
  }

  /** Opens what lies at a path of the workbench's machine. */
  openPath = async (path: string, name = path): Promise<void> => {
    this.close()
    this.#name = name
    await this.#look((work) => this.#session.call('data.open', { path, work }))
  }

  /** Opens files that the user chose or dropped. */
  openFiles = async (files: readonly Picked[]): Promise<void> => {
    this.close()
    const name = files[0]?.path.split('/')[0]
    this.#name = name
    try {
      const path = await this.delivery.pathOf(files)
      if (path !== undefined) await this.openPath(path, name)
    } catch (error) {
      if (this.#name === name) this.#error = error
    }
  }

  /** Says why nothing of it can be opened. */
  refuse = (name: string, error: unknown): void => {
    this.close()
    this.#name = name
    this.#error = error
  }

  /** Looks at the same data in another way, such as with another column as the target. */
  readAs = (source: Source): Promise<void> =>
    this.#look((work) => this.#session.call('data.describe', { source, work }))

  /** Makes the data that of the experiment; can be undone. */
  use = (): void => {
    const { summary } = this
    if (!summary) return
    const { draft } = this.#session
    draft.settle()
    draft.setOption('data.source', summary.source)
    draft.settle()
    this.#session.showDraft()
    this.close()
    this.#toasts.show(
      { key: 'data.opening.used', values: { name: summary.name } },
      { label: { key: 'window.undo' }, run: draft.undo }
    )
  }

  /** Calls off what is under way, and shows nothing of it any more. */
  close = (): void => {
    this.delivery.cancel()
    this.#task?.cancel()
    this.#task = undefined
    this.#known = undefined
    this.#error = undefined
    this.#name = undefined
  }

  async #look(ask: (work: string) => Promise<DatasetSummary>): Promise<void> {
    this.#task?.cancel()
    const task = this.#session.works.start(ask)
    this.#task = task
    this.#error = undefined
    await task.over
    if (this.#task !== task) return
    if (task.cancelled) return this.close()
    if (task.value) this.#known = task.value
    this.#error = task.error
  }
}
