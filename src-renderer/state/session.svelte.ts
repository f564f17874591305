import type { DatasetSummary } from '#contract/dataset'
import type { WorkbenchEvent } from '#contract/events'
import { parseExperiment, type Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Message } from '#contract/messages'
import type { ModelSummary } from '#contract/model'
import type { Preset, Requests } from '#contract/requests'
import type { RunListing } from '#contract/run'
import type { OutputOf } from '#contract/wire'
import type { Answer } from './answer'
import { Draft } from './draft.svelte'
import { Installation } from './installation.svelte'
import { Link, type Call, type Connection, type Surroundings as LinkSurroundings } from './link.svelte'
import type { NextFrame } from './paced'
import { replaceAt } from './path'
import { RunList } from './run-list.svelte'
import type { Run } from './run.svelte'
import { Preferences } from './settings.svelte'
import { WatchedRuns } from './watched-runs.svelte'
import { Works } from './works.svelte'

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

/** The window's side of the workbench: the connection, what will be trained, the runs, and the run on display. */
export class Session {
  readonly #around: Surroundings
  readonly #link: Link
  /** Hears what the workbench announces, across lost connections; answers with the way to stop. */
  readonly on: Link['on']
  /** A name that no other window has. */
  readonly window = crypto.randomUUID()
  readonly preferences: Preferences
  readonly engine: Installation
  readonly works: Works
  readonly #list: RunList
  readonly #watched: WatchedRuns
  /** What Start trains as a new run; a run that goes on has its own experiment. */
  readonly draft: Draft

  #about = $state.raw<OutputOf<Requests, 'describe'>>()
  #problem = $state.raw<unknown>()
  #busy = $state(false)

  /** The experiment on display: that of the run, or the draft where there is none. */
  readonly experiment = $derived.by(() => this.run?.current ?? this.draft.experiment)
  /** What the controls change: the run while it is at work, else the draft. */
  readonly controlled = $derived.by(() => (this.live ? this.run?.current : this.draft.experiment))
  /** The preset that the draft is word for word. */
  readonly presetId = $derived.by(() => {
    const draft = JSON.stringify(this.draft.value)
    return this.#about?.presets.find((preset) => JSON.stringify(this.preferred(preset.experiment)) === draft)
      ?.id
  })
  /** Says whether the run on display is at work and can be reached. */
  readonly live = $derived(this.connection === 'open' && this.run?.active === true)
  /** The run on display as it stands in the list. */
  readonly listing = $derived(this.runs.find(({ id }) => id === this.run?.id) ?? this.run?.detail?.listing)

  constructor(around: Surroundings) {
    this.#around = around
    this.#link = new Link(around)
    this.on = this.#link.on
    this.preferences = new Preferences(this.call)
    this.engine = new Installation(this.call)
    this.works = new Works(this.call, this.window)
    this.#list = new RunList(this.call, around.later)
    this.#watched = new WatchedRuns(this.call, around.nextFrame)
    this.draft = new Draft({
      call: this.call,
      later: (...wait) => around.later(...wait),
      window: this.window
    })
  }

  get connection(): Connection {
    return this.#link.state
  }
  get about(): OutputOf<Requests, 'describe'> | undefined {
    return this.#about
  }
  /** Stored runs, newest first. */
  get runs(): readonly RunListing[] {
    return this.#list.all
  }
  /** Those that are at work, whatever is on display. */
  get active(): readonly RunListing[] {
    return this.#list.active
  }
  /** Where a run stands that is at work. */
  get progressOf(): RunList['progressOf'] {
    return this.#list.progressOf
  }
  /** The run on display. */
  get run(): Run | undefined {
    return this.#watched.display
  }
  /** What is known of the data of the experiment on display. */
  get data(): Answer<DatasetSummary> {
    return this.run ? this.#watched.examination.data : this.draft.data
  }
  /** What is known of the model of the experiment on display. */
  get model(): Answer<ModelSummary> {
    if (this.run) return this.#watched.examination.model
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
  /** What happens before a run that is about to begin is there. */
  get activity(): Message | undefined {
    return this.#busy ? this.#list.coming : undefined
  }

  /** Asks the workbench. @throws Failure `wire.closed` while there is no connection */
  readonly call: Call = async (name, input) => {
    try {
      return await this.#link.call(name, input)
    } catch (error) {
      // A folder that vanished must not stay in the list, whatever was wanted of it.
      if (error instanceof Failure && (error.key === 'run.unknown' || error.key === 'run.notARun')) {
        await this.#list.read()
        if (!this.#list.has(this.run?.id)) this.#watched.clear()
      }
      throw error
    }
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
    this.showDraft()
  }

  /** Shows what Start would train; a run that is at work stays on display. */
  showDraft = (): void => {
    if (!this.live) this.#watched.clear()
  }

  openRun = (id: string): Promise<void> => this.#occupy(() => this.#watched.show(id))

  /** Another run beside the one on display, kept up to date until it is let go. */
  follow = (id: string): Promise<{ run: Run; letGo(): void }> => this.#watched.follow(id)

  /** Starts the draft as a new run and shows it: beside those at work, or in the place of some of them. */
  start = (insteadOf: readonly string[] = []): Promise<void> =>
    this.#occupy(async () => {
      const { experiment } = this.draft
      const { run } = await this.call('run.start', { experiment, insteadOf: [...insteadOf] })
      await this.#watched.show(run)
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
    if (this.live && this.run) return (await this.run.change(path, value)).step
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
    this.#watched.examination.forget()
    const [about] = await Promise.all([this.call('describe', {}), this.#list.read()])
    this.#about = about
    this.engine.know(about.engine)
    this.#problem = undefined
    await this.#readSettings()
    if (this.draft.value) this.draft.refresh()
    else await this.#beginDraft(about.presets)
    const last = this.run?.id ?? this.#around.lastRun?.()
    const shown = last && this.#list.has(last) ? last : this.active[0]?.id
    if (!shown || !this.#list.has(this.run?.id)) this.#watched.clear()
    if (shown) await this.openRun(shown)
    await this.#watched.reopen(this.#list.has, (error) => (this.#problem = error))
  }

  /** Takes up another library: nothing of the one before is shown any more. */
  async #beginAnew(): Promise<void> {
    this.#watched.clear()
    this.draft.forget()
    await this.#begin()
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

  #hear = (event: WorkbenchEvent): void => {
    this.engine.hear(event)
    this.preferences.hear(event)
    this.works.hear(event)
    this.#list.hear(event)
    this.#watched.hear(event)
    if (event.type === 'library.changed') void this.attempt(() => this.#beginAnew())
  }

  #command(command: (run: Run) => Promise<unknown>): Promise<void> {
    return this.#occupy(async () => {
      if (this.run) await command(this.run)
    })
  }

  /** Does something that others must wait for. */
  async #occupy(work: () => Promise<void>): Promise<void> {
    this.#busy = true
    await this.attempt(work)
    this.#busy = false
  }
}
