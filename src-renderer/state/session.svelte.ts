import type { DatasetSummary } from '#contract/dataset'
import type { InstallProgress } from '#contract/engine'
import type { WorkbenchEvent } from '#contract/events'
import { parseExperiment, type Experiment } from '#contract/experiment'
import type { ModelSummary } from '#contract/model'
import type { Requests } from '#contract/requests'
import { isActive, type RunListing } from '#contract/run'
import { connect, type OutputOf, type Wire } from '#contract/wire'
import { replaceAt } from './path'
import { Run, type NextFrame, type WorkbenchClient } from './run.svelte'

/** Experiment that the first start opens on. */
const FIRST_PRESET = 'mnist-cnn'
/** Waits between attempts to reconnect. */
const RECONNECT_DELAYS_MS = [250, 500, 1000, 2000, 4000]

/** What the session needs from the page; tests give their own. */
export interface Surroundings {
  open(): Promise<Wire>
  wait(milliseconds: number): Promise<void>
  nextFrame: NextFrame
}

/** One answer that was asked for: what came, or why it did not. */
export interface Answer<Value> {
  value?: Value
  error?: unknown
}

export type Connection = 'connecting' | 'open' | 'lost'

/** The window's side of the workbench: the connection, what will be trained, the runs, and the run on display. */
export class Session {
  readonly #around: Surroundings
  #client: WorkbenchClient | undefined
  #left = false
  #examined = ''
  #cancelled = false
  /** A run hears what happens while its history is still on its way. */
  #opening: Run | undefined

  #connection = $state<Connection>('connecting')
  #about = $state.raw<OutputOf<Requests, 'describe'>>()
  #runs = $state.raw<readonly RunListing[]>([])
  #run = $state.raw<Run>()
  #presetId = $state<string>()
  #draft = $state.raw<Experiment>()
  #data = $state.raw<Answer<DatasetSummary>>({})
  #model = $state.raw<Answer<ModelSummary>>({})
  #installing = $state.raw<InstallProgress>()
  #problem = $state.raw<unknown>()
  #busy = $state(false)

  /** What would be trained by Start, or is trained now. */
  readonly experiment = $derived(this.#draft ?? this.#run?.current ?? this.#presetExperiment())
  /** Says whether the run on display is at work and can be reached. */
  readonly live = $derived(this.#connection === 'open' && this.#run?.active === true)

  constructor(around: Surroundings) {
    this.#around = around
  }

  get connection(): Connection {
    return this.#connection
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
  /** The preset that was chosen last; undefined once another experiment is shown. */
  get presetId(): string | undefined {
    return this.#presetId
  }
  get data(): Answer<DatasetSummary> {
    return this.#data
  }
  get model(): Answer<ModelSummary> {
    return this.#model
  }
  /** How far the installation of the engine is, while there is one. */
  get installing(): InstallProgress | undefined {
    return this.#installing
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
  async stay(): Promise<void> {
    for (let attempt = 0; !this.#left; attempt++) {
      try {
        const client = connect<Requests, WorkbenchEvent>(await this.#around.open())
        this.#client = client
        client.on(this.#hear)
        await this.#begin(client)
        attempt = 0
        await client.closed
      } catch (error) {
        this.#problem = error
      }
      this.#client = undefined
      this.#examined = ''
      this.#connection = 'lost'
      await this.#around.wait(RECONNECT_DELAYS_MS[Math.min(attempt, RECONNECT_DELAYS_MS.length - 1)])
    }
  }

  /** Stops reconnecting. */
  leave(): void {
    this.#left = true
  }

  dismiss = (): void => {
    this.#problem = undefined
  }

  choosePreset = (id: string): void => {
    this.#presetId = id
    this.#draft = undefined
    this.#run = undefined
    this.#examine()
  }

  openRun = (id: string): Promise<void> => this.#attempt(() => this.#open(id))

  /** Starts what is on display as a new run. */
  start = (): Promise<void> =>
    this.#attempt(async (client) => {
      const { run } = await client.call('run.start', { experiment: this.experiment })
      await this.#open(run)
    })

  pause = (): Promise<void> => this.#command((run) => run.pause())
  resume = (): Promise<void> => this.#command((run) => run.resume())
  step = (): Promise<void> => this.#command((run) => run.step())
  stop = (): Promise<void> => this.#command((run) => run.stop())
  /** Goes on with the run on display: from its newest checkpoint, or for some epochs more. */
  goOn = (moreEpochs?: number): Promise<void> =>
    this.#command(async (run) => {
      this.#draft = undefined
      await run.goOn(moreEpochs)
    })

  /**
   * Changes a place of the experiment on display: in the run while it is at work, else in what Start would train.
   * Answers with the first step that runs with it.
   * @throws Failure that says why the value cannot be used
   */
  change = async (path: string, value: unknown): Promise<number | undefined> => {
    if (this.live && this.#run) return (await this.#run.change(path, value)).step
    if (!this.experiment) return undefined
    // Checked here and in force at once: a Start that follows on its heels must train what was typed.
    this.#draft = parseExperiment(replaceAt(this.experiment, path, value))
    return undefined
  }

  installEngine = async (): Promise<void> => {
    if (!this.#client) return
    this.#cancelled = false
    this.#problem = undefined
    try {
      const engine = await this.#client.call('engine.install', {})
      if (this.#about) this.#about = { ...this.#about, engine }
    } catch (error) {
      // The user who cancels knows why it ended.
      if (!this.#cancelled) this.#problem = error
    }
    this.#installing = undefined
  }

  cancelInstall = async (): Promise<void> => {
    this.#cancelled = true
    await this.#client?.call('engine.cancel', {})
  }

  #presetExperiment(): Experiment | undefined {
    return this.#about?.presets.find(({ id }) => id === this.#presetId)?.experiment
  }

  async #begin(client: WorkbenchClient): Promise<void> {
    const [about, runs] = await Promise.all([client.call('describe', {}), client.call('run.list', {})])
    this.#about = about
    this.#runs = runs.toSorted((a, b) => b.created - a.created)
    this.#presetId ??= (about.presets.find(({ id }) => id === FIRST_PRESET) ?? about.presets[0])?.id
    this.#problem = undefined
    this.#connection = 'open'
    const shown = this.#run?.id ?? this.#runs.find(({ state }) => isActive(state))?.id
    if (shown) await this.openRun(shown)
    else this.#examine()
  }

  async #open(id: string): Promise<void> {
    if (!this.#client) return
    const run = new Run(this.#client, id, this.#around.nextFrame)
    const before = this.#run
    this.#opening = run
    try {
      await run.open()
    } finally {
      this.#opening = undefined
    }
    if (before === this.#run) {
      this.#run = run
      this.#draft = undefined
      this.#examine()
    }
  }
  #hear = (event: WorkbenchEvent): void => {
    if (event.type === 'engine.progress')
      this.#installing = event.progress.stage === 'done' ? undefined : event.progress
    else if (event.type === 'run.listed') this.#list(event.listing)
    this.#run?.hear(event)
    this.#opening?.hear(event)
  }

  #list(listing: RunListing): void {
    const others = this.#runs.filter(({ id }) => id !== listing.id)
    this.#runs = [listing, ...others].toSorted((a, b) => b.created - a.created)
  }

  #command(command: (run: Run) => Promise<unknown>): Promise<void> {
    return this.#attempt(async () => {
      if (this.#run) await command(this.#run)
    })
  }

  async #attempt(work: (client: WorkbenchClient) => Promise<void>): Promise<void> {
    if (!this.#client) return
    this.#busy = true
    this.#problem = undefined
    try {
      await work(this.#client)
    } catch (error) {
      this.#problem = error
    } finally {
      this.#busy = false
    }
  }

  /** Asks for the shapes and the data of the experiment on display, when they are not those that are known. */
  #examine(): void {
    const { experiment } = this
    const client = this.#client
    if (!experiment || !client) return
    const examined = JSON.stringify([experiment.data.source, experiment.model])
    if (examined === this.#examined) return
    this.#examined = examined
    const still = (): boolean => this.#examined === examined
    this.#data = {}
    this.#model = {}
    client.call('data.describe', { source: experiment.data.source }).then(
      (value) => still() && (this.#data = { value }),
      (error: unknown) => still() && (this.#data = { error })
    )
    client.call('model.describe', { experiment }).then(
      (value) => still() && (this.#model = { value }),
      (error: unknown) => still() && (this.#model = { error })
    )
  }
}
