import type { WorkbenchEvent } from '#contract/events'
import type { Experiment } from '#contract/experiment'
import type { StoredExperiment } from '#contract/library'
import { isActive, type RunListing } from '#contract/run'
import type { Session } from './session.svelte'
import type { Toasts } from './toasts.svelte'

/** What is kept in the library: the order of runs and of experiments, and what was done to them last. */
export class Library {
  readonly #session: Session
  readonly #toasts: Toasts
  /** Runs that this window deleted, which it need not be told of. */
  #mine: readonly string[] = []
  /** It was said that another window edits the draft too. */
  #isOtherSaid = false
  #experiments = $state.raw<readonly StoredExperiment[]>([])
  /** The file that the draft came from or was saved as last. */
  #file = $state<string>()
  /** What is in that file. */
  #filed = $state.raw<unknown>()

  /** Says whether the draft is what its file holds. */
  readonly saved = $derived.by(
    () => this.#filed !== undefined && this.#session.draft.difference(this.#filed as Experiment).length === 0
  )

  constructor(session: Session, toasts: Toasts) {
    this.#session = session
    this.#toasts = toasts
  }

  /** Experiments kept in the library, the newest first; as they were when they were asked for last. */
  get experiments(): readonly StoredExperiment[] {
    return this.#experiments
  }

  async list(): Promise<void> {
    this.#experiments = await this.#session.call('experiment.list', {})
  }

  /** The kept experiment that the draft came from or was saved as last; undefined once it is gone. */
  get file(): StoredExperiment | undefined {
    return this.#experiments.find(({ id }) => id === this.#file)
  }

  /** Makes a kept experiment the draft. */
  async open({ id }: StoredExperiment): Promise<void> {
    const experiment = await this.#session.call('experiment.open', { id })
    this.use(experiment)
    this.#file = id
    this.#filed = experiment
  }

  /** Makes an experiment the draft that has no file yet; can be undone. */
  use(experiment: Experiment): void {
    this.#session.edit(experiment)
    this.#file = undefined
    this.#filed = undefined
    this.#toasts.show(
      { key: 'window.experiment.opened', values: { name: experiment.name } },
      { label: { key: 'window.undo' }, run: this.#session.draft.undo }
    )
  }

  /** Keeps the draft: in its file, or as a new one. @throws Failure that says why it cannot be kept */
  async save(as: 'file' | 'new'): Promise<void> {
    const experiment = this.#session.draft.value
    const id = as === 'file' ? this.file?.id : undefined
    const stored = await this.#keep(experiment, id)
    this.#file = stored.id
    this.#filed = experiment
  }

  /** Keeps a copy of a kept experiment beside it. */
  async duplicate({ id, name }: StoredExperiment, copyName: string): Promise<void> {
    const experiment = await this.#session.call('experiment.open', { id })
    await this.#keep({ ...experiment, name: copyName || name })
  }

  /** Moves an experiment's file to the trash; can be undone as long as the word about it stays. */
  async remove({ id, name }: StoredExperiment): Promise<void> {
    const experiment = await this.#session.call('experiment.open', { id })
    await this.#session.call('experiment.delete', { id })
    await this.list()
    this.#toasts.show(
      { key: 'window.experiment.deleted', values: { name } },
      {
        label: { key: 'window.undo' },
        run: () => void this.#session.attempt(async () => void (await this.#keep(experiment)))
      }
    )
  }

  renameRun = async (run: string, name: string): Promise<void> => {
    await this.#session.call('run.rename', { run, name })
  }

  noteRun = async (run: string, note: string): Promise<void> => {
    await this.#session.call('run.note', { run, note })
  }

  /** Moves a run to the trash and offers to take it out again. */
  deleteRun = ({ id, name }: RunListing): Promise<void> =>
    this.#session.attempt(async () => {
      this.#mine = [...this.#mine, id]
      try {
        await this.#session.call('run.delete', { run: id })
      } catch (error) {
        this.#mine = this.#mine.filter((each) => each !== id)
        throw error
      }
      this.#toasts.show(
        { key: 'window.runs.deleted', values: { name } },
        {
          label: { key: 'window.undo' },
          run: () =>
            void this.#session.attempt(async () => {
              await this.#session.call('run.restore', { run: id })
            })
        }
      )
    })

  /** Tells of what other windows and the command line do. */
  hear = (event: WorkbenchEvent): void => {
    if (event.type === 'run.deleted') {
      const mine = this.#mine.includes(event.run)
      this.#mine = this.#mine.filter((id) => id !== event.run)
      if (!mine && this.#session.run?.id === event.run)
        this.#toasts.show({
          key: 'window.runs.deletedElsewhere',
          values: { name: this.#session.listing?.name ?? event.run }
        })
    } else if (event.type === 'run.listed') this.#hearListed(event.listing)
    else if (event.type === 'draft.saved') void this.#session.attempt(() => this.#hearDraft(event.window))
  }

  /** Two windows edit one draft, and what is saved last stays: that is said once, with the way to the other one. */
  async #hearDraft(window: string | undefined): Promise<void> {
    const { draft } = this.#session
    if (window === this.#session.window) this.#isOtherSaid = false
    else if (!this.#isOtherSaid && (await draft.differsFromStored())) {
      this.#isOtherSaid = true
      this.#toasts.show(
        { key: 'window.draft.editedElsewhere' },
        {
          label: { key: 'window.draft.takeOverOther' },
          run: () => {
            this.#isOtherSaid = false
            void this.#session.attempt(draft.takeOver)
          }
        }
      )
    }
  }

  async #keep(experiment: unknown, id?: string): Promise<StoredExperiment> {
    const stored = await this.#session.call('experiment.save', { experiment, ...(id && { id }) })
    await this.list()
    this.#toasts.show({ key: 'window.experiment.saved', values: { path: stored.path } })
    return stored
  }

  #hearListed({ id, name, state }: RunListing): void {
    const { busy, runs, run } = this.#session
    const known = runs.some((listing) => listing.id === id)
    if (known || busy || run?.id === id || !isActive(state)) return
    this.#toasts.show(
      { key: 'window.runs.startedElsewhere', values: { name } },
      { label: { key: 'window.runs.show' }, run: () => void this.#session.openRun(id) }
    )
  }
}
