import type { WorkbenchEvent } from '#contract/events'
import { Failure } from '#contract/failure'
import type { Experiment } from '#contract/experiment'
import type { MeasureBatch } from '#contract/measures'
import type { Message } from '#contract/messages'
import { isActive, type RunDetail, type RunEvent, type RunProgress, type RunState } from '#contract/run'
import type { StepBatch } from '#contract/step-rows'
import type { Call } from './link.svelte'
import { groupFindings } from './findings'
import { MeasureHistory } from './measure-history.svelte'
import { noticesOf } from './notices'
import { paced, type NextFrame } from './paced'
import { replaceAt } from './path'
import { endStates, identify, lastOf } from './run-events'
import { Series } from './series'

/** Buckets of the stored history that are asked for; more than a chart has pixels. */
const HISTORY_POINTS = 2000
/** What streams in reaches the screen this often at most. */
const FLUSH_INTERVAL_MS = 100

/**
 * One run as the window knows it: the stored history and what happens now. Rows go into plain columns as they come;
 * `version` grows when there is something new to draw, ten times a second at most.
 */
export class Run {
  readonly id: string
  readonly series = new Series()
  /** What was measured of the layers before the newest measurement. */
  readonly history: MeasureHistory
  readonly #call: Call
  readonly #flushSoon: () => void

  #detail = $state.raw<RunDetail>()
  #progress = $state.raw<RunProgress>()
  #current = $state.raw<Experiment>()
  #events = $state.raw<readonly RunEvent[]>([])
  #failure = $state.raw<Message>()
  #version = $state(0)
  #measurement = $state.raw<Float32Array>()
  #choice = $state.raw<{ readonly key: string }>()

  #early: WorkbenchEvent[] | undefined
  #newest: RunProgress | undefined
  readonly #missed: StepBatch[] = []

  readonly started = $derived(lastOf(this.#events, 'started'))
  readonly ended = $derived(lastOf(this.#events, 'ended'))
  readonly findings = $derived(this.#events.filter((event) => event.type === 'finding'))
  readonly withdrawals = $derived(this.#events.filter((event) => event.type === 'withdrawn'))
  readonly refusals = $derived(this.#events.filter((event) => event.type === 'guard'))
  readonly passedOver = $derived(this.#events.filter((event) => event.type === 'passedOver'))
  /** What was found, the worst first; made anew only when something happens. */
  readonly groups = $derived(groupFindings(this.findings, this.refusals, this.withdrawals, this.passedOver))
  /** What is to be known of the newest sitting. */
  readonly notices = $derived(noticesOf(this.#events))
  readonly epochs = $derived(this.#events.filter((event) => event.type === 'epoch'))
  /** Names of the trainable layers, in the order of the rows' columns. */
  readonly layers = $derived(this.started?.layers ?? [])
  /** Names of the layers whose activations are measured, in the order of a measurement. */
  readonly measured = $derived(this.started?.measured ?? [])

  constructor(call: Call, id: string, nextFrame: NextFrame) {
    this.#call = call
    this.id = id
    this.history = new MeasureHistory(call, id)
    this.#flushSoon = paced(nextFrame, FLUSH_INTERVAL_MS, () => this.#flush())
  }

  get detail(): RunDetail | undefined {
    return this.#detail
  }
  get progress(): RunProgress | undefined {
    return this.#progress
  }
  get state(): RunState | undefined {
    return this.#progress?.state
  }
  get active(): boolean {
    return this.state !== undefined && isActive(this.state)
  }
  /** The experiment with every change applied. */
  get current(): Experiment | undefined {
    return this.#current
  }
  get events(): readonly RunEvent[] {
    return this.#events
  }
  /** Why its trainer broke off, if it did. */
  get failure(): Message | undefined {
    return this.#failure
  }
  /** Grows when the series has something new; read it where the series is drawn. */
  get version(): number {
    return this.#version
  }

  /** The finding that the user looks at, by the key of its group; another object after each choice. */
  get choice(): { readonly key: string } | undefined {
    return this.#choice
  }

  /** The newest measurement of the layers, a row of `contract/measures`. */
  get measurement(): Float32Array | undefined {
    return this.#measurement
  }

  /** Fetches what is stored; what happens meanwhile is kept and merged. */
  async open(): Promise<void> {
    const { id: run } = this
    this.#early = []
    const [detail, history] = await Promise.all([
      this.#call('run.open', { run }),
      this.#call('run.window', { run, points: HISTORY_POINTS })
    ])
    this.#detail = detail
    this.#progress = detail.progress
    this.#current = detail.current
    this.#events = detail.events
    this.#failure = detail.failure
    this.series.load(history)
    this.#version++
    if (this.measured.length > 0) this.#hearMeasures(await this.#call('run.measures', { run }))
    const early = this.#early
    this.#early = undefined
    const known = detail.events.map(identify)
    for (const event of early)
      if (event.type !== 'run.event' || !known.includes(identify(event.event))) this.hear(event)
  }

  /** Takes in what the workbench announces; other runs' events are left alone. */
  hear(event: WorkbenchEvent): void {
    if (!('run' in event) || event.run !== this.id) return
    if (this.#early) {
      this.#early.push(event)
      return
    }
    if (event.type === 'run.steps') this.#hearSteps(event.batch)
    else if (event.type === 'run.measures') this.#hearMeasures(event.batch)
    else if (event.type === 'run.progress') this.#hearProgress(event.progress)
    else if (event.type === 'run.event') this.#hearEvent(event.event)
    else if (event.type === 'run.failed') {
      this.#failure = event.message
      this.#hearState('failed')
    }
  }

  /** Looks at a finding in all lists and charts, or no longer when it is the one. */
  choose = (key: string): void => {
    this.#choice = this.#choice?.key === key ? undefined : { key }
  }

  pause = (): Promise<null> => this.#call('run.pause', { run: this.id })
  resume = (): Promise<null> => this.#call('run.resume', { run: this.id })
  step = (): Promise<null> => this.#call('run.step', { run: this.id })
  stop = (): Promise<null> => this.#call('run.stop', { run: this.id })

  /** Changes a place of the experiment while it runs; answers with the first step that runs with it. */
  change = (path: string, value: unknown): Promise<{ step: number }> =>
    this.#call('run.change', { run: this.id, path, value })

  /** Goes on from the newest checkpoint, for so many epochs more. */
  goOn = async (moreEpochs?: number): Promise<void> => {
    await this.#call('run.continue', { run: this.id, ...(moreEpochs && { moreEpochs }) })
    this.#failure = undefined
  }

  #hearMeasures(batch: MeasureBatch): void {
    const { count, width, values } = batch
    this.history.hear(batch)
    if (count > 0) this.#measurement = values.slice((count - 1) * width, count * width)
  }

  #hearSteps(batch: StepBatch): void {
    if (this.#missed.length > 0 || batch.first > this.series.last + 1) void this.#catchUp(batch)
    else this.series.append(batch)
    this.#flushSoon()
  }

  /** A page that fell behind is told only the newest steps; those between are fetched from disk. */
  async #catchUp(batch: StepBatch): Promise<void> {
    this.#missed.push(batch)
    if (this.#missed.length > 1) return
    try {
      this.series.load(await this.#call('run.window', { run: this.id, points: HISTORY_POINTS }))
    } catch (error) {
      // A lost connection is said elsewhere, and the run is opened anew when it is back.
      if (!(error instanceof Failure)) throw error
    }
    for (const missed of this.#missed.splice(0)) this.series.append(missed)
    this.#flushSoon()
  }

  #hearProgress(progress: RunProgress): void {
    // A new state is shown at once; its numbers can wait for the next frame.
    this.#newest = progress
    if (progress.state === this.state) this.#flushSoon()
    else this.#flush()
  }

  #hearEvent(event: RunEvent): void {
    this.#events = [...this.#events, event]
    if (event.type === 'started') {
      this.#failure = undefined
      this.series.truncate(event.resumedFrom ?? 0)
      this.history.truncate(event.resumedFrom ?? 0)
      this.#version++
    } else if (event.type === 'changed') this.#replace(event.path, event.to)
    else if (event.type === 'extended') this.#extend(event.epochs)
    else if (event.type === 'ended') this.#hearState(endStates[event.summary.stopped])
  }

  #extend(epochs: number): void {
    const before = this.#current?.training.epochs
    if (before !== undefined) this.#replace('training.epochs', before + epochs)
  }

  #replace(path: string, value: unknown): void {
    if (this.#current) this.#current = replaceAt(this.#current, path, value)
  }

  #hearState(state: RunState): void {
    this.#flush()
    if (this.#progress) this.#progress = { ...this.#progress, state }
  }

  #flush(): void {
    if (this.#newest) this.#progress = this.#newest
    this.#newest = undefined
    this.#version++
  }
}
