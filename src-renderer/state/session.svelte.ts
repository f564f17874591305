import type { DatasetSummary } from '#contract/dataset'
import type { WorkbenchEvent } from '#contract/events'
import { parseExperiment, type Experiment } from '#contract/experiment'
import type { ModelSummary } from '#contract/model'
import type { Preset, Requests } from '#contract/requests'
import { isActive, type RunListing } from '#contract/run'
import type { OutputOf } from '#contract/wire'
import { Draft } from './draft.svelte'
import { Installation } from './installation.svelte'
import { Link, type Connection, type Surroundings as LinkSurroundings } from './link.svelte'
import { replaceAt } from './path'
import { Run, type NextFrame } from './run.svelte'
import { Preferences } from './settings.svelte'

/** Experiment that the first start opens on. */
const FIRST_PRESET = 'mnist-cnn'

/** What the session needs from the page; tests give their own. */
export interface Surroundings extends LinkSurroundings {
  nextFrame: NextFrame
  /** Does something after a while, unless the way to cancel it, which is the answer, is taken. */
  later(milliseconds: number, work: () => void): () => void
  /** The run that was on display before a reload, if there was one. */
  lastRun?(): string | undefined
}

/** One answer that was asked for: what came, or why it did not. */
export interface Answer<Value> {
  value?: Value
  error?: unknown
}

/** The window's side of the workbench: the connection, what will be trained, the runs, and the run on display. */
export class Session {
  readonly #around: Surroundings
  readonly #link: Link
  /** Asks the workbench. @throws Failure `wire.closed` while there is no connection */
  readonly call: Link['call']
  /** Hears what the workbench announces, across lost connections; answers with the way to stop. */
  readonly on: Link['on']
  readonly preferences: Preferences
  readonly engine: Installation
  /** What Start trains as a new run; a run that goes on has its own experiment. */
  readonly draft: Draft
  #examined = ''
  /** Runs that hear what happens while their history is still on its way, and runs beside the one on display. */
  #followed: readonly Run[] = []

  #about = $state.raw<OutputOf<Requests, 'describe'>>()
  #runs = $state.raw<readonly RunListing[]>([])
  #run = $state.raw<Run>()
  #data = $state.raw<Answer<DatasetSummary>>({})
  #model = $state.raw<Answer<ModelSummary>>({})
  #problem = $state.raw<unknown>()
  #busy = $state(false)

  /** The experiment on display: that of the run, or the draft where there is none. */
  readonly experiment = $derived.by(() => this.#run?.current ?? this.draft.experiment)
  /** What the controls change: the run while it is at work, else the draft. */
  readonly controlled = $derived.by(() => (this.live ? this.#run?.current : this.draft.experiment))
  /** The preset that the draft is word for word. */
  readonly presetId = $derived.by(() => {
    const draft = JSON.stringify(this.draft.value)
    return this.#about?.presets.find((preset) => JSON.stringify(this.preferred(preset.experiment)) === draft)
      ?.id
  })
  /** Says whether the run on display is at work and can be reached. */
  readonly live = $derived(this.connection === 'open' && this.#run?.active === true)
  /** The run on display as it stands in the list. */
  readonly listing = $derived(this.#runs.find(({ id }) => id === this.#run?.id) ?? this.#run?.detail?.listing)

  constructor(around: Surroundings) {
    this.#around = around
    this.#link = new Link(around)
    this.call = this.#link.call
    this.on = this.#link.on
    this.preferences = new Preferences(this.call)
    this.engine = new Installation(this.call)
    this.draft = new Draft({ call: this.call, later: (...wait) => around.later(...wait) })
  }

  get connection(): Connection {
    return this.#link.state
  }
  get about(): OutputOf<Requests, 'describe'> | undefined {
    return this.#about
  }
  /** Stored runs, newest first. */
  get runs(): readonly RunListing[] {
    return this.#runs
  }
  /** The run on display. */
  get run(): Run | undefined {
    return this.#run
  }
  /** What is known of the data of the experiment on display. */
  get data(): Answer<DatasetSummary> {
    return this.#run ? this.#data : this.draft.data
  }
  /** What is known of the model of the experiment on display. */
  get model(): Answer<ModelSummary> {
    if (this.#run) return this.#model
    return { value: this.draft.model, error: this.draft.problem?.failure }
  }
  /** What went wrong last; shown until it is dismissed or something works. */
  get problem(): unknown {
    return this.#problem
  }
  /** Says whether a request is under way that others must wait for. */
  get busy(): boolean {
    return this.#busy
  }

  /** Connects and stays connected until `leave`. */
  stay(): Promise<void> {
    // Whoever listens already hears an event before it changes what is known here.
    this.on(this.#hear)
    return this.#link.stay(this.#begin, (error) => (this.#problem = error))
  }

  /** Stops reconnecting. */
  leave(): void {
    this.#link.leave()
  }

  dismiss = (): void => {
    this.#problem = undefined
  }

  choosePreset = (id: string): void => {
    const preset = this.#about?.presets.find((each) => each.id === id)
    if (preset) this.edit(this.preferred(preset.experiment))
  }

  /** A preset with the engine and the telemetry that the user prefers for new experiments. */
  preferred = (experiment: Experiment): Experiment => {
    const { engine, telemetry } = this.preferences.current
    return { ...experiment, engine: { use: engine }, telemetry }
  }

  /** Makes an experiment the draft and shows it. A run that is at work stays on display. */
  edit = (experiment: Experiment): void => {
    this.draft.load(experiment)
    if (!this.live) this.#run = undefined
  }

  openRun = (id: string): Promise<void> =>
    this.#occupy(async () => {
      try {
        await this.#open(id)
      } catch (error) {
        // A folder that vanished must not stay in the list.
        await this.#listRuns()
        throw error
      }
    })

  /** Another run beside the one on display, kept up to date until it is let go. */
  follow = async (id: string): Promise<{ run: Run; letGo(): void }> => {
    const run = new Run(this.call, id, this.#around.nextFrame)
    this.#followed = [...this.#followed, run]
    const letGo = (): void => {
      this.#followed = this.#followed.filter((each) => each !== run)
    }
    try {
      await run.open()
    } catch (error) {
      letGo()
      throw error
    }
    return { run, letGo }
  }

  /** Starts the draft as a new run. */
  start = (): Promise<void> =>
    this.#occupy(async () => {
      const { run } = await this.call('run.start', { experiment: this.draft.experiment })
      await this.#open(run)
    })

  pause = (): Promise<void> => this.#command((run) => run.pause())
  resume = (): Promise<void> => this.#command((run) => run.resume())
  step = (): Promise<void> => this.#command((run) => run.step())
  stop = (): Promise<void> => this.#command((run) => run.stop())
  /** Goes on with the run on display: from its newest checkpoint, or for some epochs more. */
  goOn = (moreEpochs?: number): Promise<void> => this.#command((run) => run.goOn(moreEpochs))

  /**
   * Changes a place of the run while it is at work, else of the draft. Answers with the first step that runs with it.
   * @throws Failure that says why the value cannot be used
   */
  change = async (path: string, value: unknown): Promise<number | undefined> => {
    if (this.live && this.#run) return (await this.#run.change(path, value)).step
    if (!this.draft.experiment) return undefined
    parseExperiment(replaceAt(this.draft.experiment, path, value))
    // In force at once: a Start that follows on its heels must train what was typed.
    this.draft.setOption(path, value)
    this.draft.settle()
    return undefined
  }

  /** Does something; what goes wrong is said at the top of the window. */
  attempt = async (work: () => Promise<void>): Promise<void> => {
    this.#problem = undefined
    try {
      await work()
    } catch (error) {
      this.#problem = error
    }
  }

  #begin = async (): Promise<void> => {
    this.#examined = ''
    const [about] = await Promise.all([this.call('describe', {}), this.#listRuns()])
    this.#about = about
    this.engine.know(about.engine)
    this.#problem = undefined
    await this.#readSettings()
    if (this.draft.value) this.draft.refresh()
    else await this.#beginDraft(about.presets)
    const known = (id: string | undefined): boolean => this.#runs.some((listing) => listing.id === id)
    const last = this.#run?.id ?? this.#around.lastRun?.()
    const shown = last && known(last) ? last : this.#runs.find(({ state }) => isActive(state))?.id
    if (!shown || !known(this.#run?.id)) this.#run = undefined
    if (shown) await this.openRun(shown)
    await Promise.all(this.#followed.map((run) => this.#reopen(run)))
  }

  /** A settings file that cannot be read is said, and nothing else waits for it. */
  async #readSettings(): Promise<void> {
    try {
      await this.preferences.read()
    } catch (error) {
      this.#problem = error
    }
  }

  async #beginDraft(presets: readonly Preset[]): Promise<void> {
    if (await this.draft.read()) return
    const first = presets.find(({ id }) => id === FIRST_PRESET) ?? presets[0]
    if (first) this.draft.load(this.preferred(first.experiment))
  }

  async #listRuns(): Promise<void> {
    const runs = await this.call('run.list', {})
    this.#runs = runs.toSorted((a, b) => b.created - a.created)
  }

  async #open(id: string): Promise<void> {
    const before = this.#run
    const { run, letGo } = await this.follow(id)
    letGo()
    if (before !== this.#run) return
    this.#run = run
    this.#examine()
  }

  /** A run beside the one on display has missed something; one that vanished stays as it was. */
  async #reopen(run: Run): Promise<void> {
    if (!this.#runs.some(({ id }) => id === run.id)) return
    try {
      await run.open()
    } catch (error) {
      this.#problem = error
    }
  }

  #hear = (event: WorkbenchEvent): void => {
    this.engine.hear(event)
    this.preferences.hear(event)
    if (event.type === 'run.listed') this.#list(event.listing)
    else if (event.type === 'run.deleted') this.#forget(event.run)
    this.#run?.hear(event)
    for (const run of this.#followed) run.hear(event)
  }

  #list(listing: RunListing): void {
    const others = this.#runs.filter(({ id }) => id !== listing.id)
    this.#runs = [listing, ...others].toSorted((a, b) => b.created - a.created)
  }

  #forget(id: string): void {
    this.#runs = this.#runs.filter((listing) => listing.id !== id)
    if (this.#run?.id === id) this.#run = undefined
  }

  #command(command: (run: Run) => Promise<unknown>): Promise<void> {
    return this.#occupy(async () => {
      if (this.#run) await command(this.#run)
    })
  }

  /** Does something that others must wait for. */
  async #occupy(work: () => Promise<void>): Promise<void> {
    this.#busy = true
    await this.attempt(work)
    this.#busy = false
  }

  /** Asks for the shapes and the data of the run on display, when they are not those that are known. */
  #examine(): void {
    const { experiment } = this
    if (!experiment) return
    const examined = JSON.stringify([experiment.data.source, experiment.model])
    if (examined === this.#examined) return
    this.#examined = examined
    const still = (): boolean => this.#examined === examined
    this.#data = {}
    this.#model = {}
    this.call('data.describe', { source: experiment.data.source }).then(
      (value) => still() && (this.#data = { value }),
      (error: unknown) => still() && (this.#data = { error })
    )
    this.call('model.describe', { experiment }).then(
      (value) => still() && (this.#model = { value }),
      (error: unknown) => still() && (this.#model = { error })
    )
  }
}
