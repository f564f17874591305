import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { ForeignModel } from '#contract/import'
import type { FileDoor } from '../workbench'
import { Delivery } from './delivery.svelte'
import type { Library } from './library.svelte'
import type { Picked } from './picked-files'
import type { Session } from './session.svelte'
import type { Task } from './works.svelte'

/** Where data, and whatever else a model does not tell, come from: what it says itself, or the draft. */
export type Ground = 'model' | 'draft'

/** What became of a model file; no experiment where a layer cannot be represented. */
export interface Imported {
  model: ForeignModel
  experiment?: Experiment
  ground: Ground
}

/** Importing a model of another program: it is shown, layer by layer, before it becomes the draft. */
export class Importing {
  readonly #session: Session
  readonly #library: Library
  readonly delivery: Delivery
  /** Where the file lies that is shown. */
  #path = ''
  #name = $state<string>()
  #task = $state.raw<Task<Imported>>()
  #imported = $state.raw<Imported>()
  #described = $state.raw<ForeignModel>()
  #error = $state.raw<unknown>()

  constructor(session: Session, library: Library, door: FileDoor) {
    this.#session = session
    this.#library = library
    this.delivery = new Delivery(session.call, door)
  }

  /** What is being imported, as the user knows it; undefined while nothing is. */
  get name(): string | undefined {
    return this.#name
  }
  get task(): Task<Imported> | undefined {
    return this.#task
  }
  /** What came of it, as it was read last. */
  get imported(): Imported | undefined {
    return this.#imported
  }
  /** What the file holds, also where no experiment can be made of it. */
  get model(): ForeignModel | undefined {
    return this.#imported?.model ?? this.#described
  }
  /** Why it cannot be used, or not in the way that was wanted last. */
  get error(): unknown {
    return this.#error
  }
  /** Says whether it is still being sent or read. */
  get isUnderWay(): boolean {
    return this.delivery.sending !== undefined || this.#task?.running === true
  }

  /** Looks at a model that lies at a path of the workbench's machine. */
  openPath = async (path: string, name = path): Promise<void> => {
    this.close()
    this.#name = name
    this.#path = path
    await this.#look(
      (work) => this.#read(work),
      () => this.#describe(path)
    )
  }

  /** Looks at a model whose files the user chose or dropped. */
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

  /** Puts the same model on other data; where that fails, what was there before stays. */
  putOn = (ground: Ground): Promise<void> => this.#look((work) => this.#ask(ground, work))

  /** Makes the model the draft, its weights included; can be undone. */
  use = (): void => {
    const experiment = this.#imported?.experiment
    if (!experiment) return
    this.close()
    this.#library.use(experiment)
  }

  /** Calls off what is under way, and shows nothing of it any more. */
  close = (): void => {
    this.delivery.cancel()
    this.#task?.cancel()
    this.#task = undefined
    this.#imported = undefined
    this.#described = undefined
    this.#error = undefined
    this.#name = undefined
  }

  /** What the model says of its data comes first; only where it says nothing, the draft's is taken. */
  async #read(work: string): Promise<Imported> {
    try {
      return await this.#ask('model', work)
    } catch (error) {
      if (!isWithoutData(error) || !this.#session.draft.experiment) throw error
      return this.#ask('draft', work)
    }
  }

  async #ask(ground: Ground, work: string): Promise<Imported> {
    const base = ground === 'draft' ? { base: this.#session.draft.experiment } : {}
    const found = await this.#session.call('model.import', { path: this.#path, ...base, work })
    return { ...found, ground }
  }

  /** Its layers are worth seeing also where its data is missing. */
  async #describe(path: string): Promise<void> {
    if (!isAboutData(this.#error)) return
    const model = await this.#session.call('model.inspect', { path }).catch(() => null)
    if (model && this.#path === path) this.#described = model
  }

  /** Names a file that was sent as the user knows it, not by the place where it was put. */
  #inWordsOfUser(error: unknown): unknown {
    if (!(error instanceof Failure) || typeof error.values.path !== 'string') return error
    return new Failure(error.key, {
      ...error.values,
      path: error.values.path.replace(this.#path, this.#name ?? this.#path)
    })
  }

  async #look(
    ask: (work: string) => Promise<Imported>,
    failed: () => Promise<void> = () => Promise.resolve()
  ): Promise<void> {
    this.#task?.cancel()
    const task = this.#session.works.start(ask)
    this.#task = task
    this.#error = undefined
    await task.over
    if (this.#task !== task) return
    if (task.cancelled) return this.close()
    if (task.value) this.#imported = task.value
    this.#error = this.#inWordsOfUser(task.error)
    if (task.error) await failed()
  }
}

const isWithoutData = (error: unknown): boolean =>
  error instanceof Failure && ['import.needsBase', 'import.noInputShape'].includes(error.key)

const isAboutData = (error: unknown): boolean =>
  isWithoutData(error) || (error instanceof Failure && error.key === 'import.groundShape')
