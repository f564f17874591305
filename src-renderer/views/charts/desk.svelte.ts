import { columnOf, type StepColumn } from '#contract/step-rows'
import { untrack } from 'svelte'
import { SvelteSet } from 'svelte/reactivity'
import { layerColour, layerMarker } from '../../charts/colours'
import { sampledPoints, type Columns } from '../../charts/reduce'
import { lastStepShown } from '../../charts/extent'
import type { LayerLook } from '../../charts/gradient-picture'
import type { Occasion } from '../../charts/picture'
import type { Quantity } from '../../charts/quantity'
import type { FrameWords } from '../../components/ChartFrame.svelte'
import { writeCount } from '../../components/numbers'
import { Detail } from '../../state/detail.svelte'
import type { FindingGroup } from '../../state/findings'
import type { Speech } from '../../state/language.svelte'
import { ChartRange } from '../../state/range.svelte'
import { Series } from '../../state/series'
import type { Session } from '../../state/session.svelte'
import type { Appearance } from '../../state/theme.svelte'
import { wait } from '../../state/wait'
import { DeskFindings } from './desk-findings.svelte'
import { recallDesk, type DeskMemory, type LayerView, type TabStorage } from './desk-memory'
import { layerViewFor } from './finding-places'
import { frameWords } from './frame-words'
import { occasionsOf } from './occasions'

/** A trainable layer by name, with its looks. */
export interface DeskLayer extends LayerLook {
  name: string
}

/**
 * What all charts of the run on display share: steps in view, step that is read, layers, smoothing. It outlives the
 * charts, and `memory` outlives the page, so that whoever comes back finds them as they were.
 */
export class Desk {
  readonly #session: Session
  readonly #appearance: Appearance
  readonly #speech: Speech
  readonly #nothing = new Series()

  readonly #before: DeskMemory
  #smoothing: number
  #search = $state('')
  #quantity: Quantity
  /** The chart of layers on display. */
  view: LayerView
  /** Gradients as the chain left them, not as they came. */
  afterChain: boolean
  /** Leaves the line of all layers together out. */
  withoutTotal: boolean
  /** Names of layers whose lines are left out. */
  readonly #left: SvelteSet<string>

  /** What was found, for all charts. */
  readonly findings: DeskFindings
  /** The choice of a finding that the charts have turned to. */
  #turned: object | undefined

  /** A new one for each run, so that a range of another run is not kept. */
  readonly range = $derived.by(() => {
    const run = this.#session.run
    return new ChartRange(
      () => {
        void run?.version
        if (!run) return { newest: 1, end: 1 }
        const newest = run.series.last
        return { newest, end: lastStepShown(newest, run.progress?.steps ?? 0, run.active) }
      },
      this.#before.run?.id === run?.id ? this.#before.run?.range : undefined
    )
  })
  /** A new one after each start: what was read before a run went back to a checkpoint no longer holds. */
  readonly #detail = $derived.by(() => {
    const run = this.#session.run
    void run?.started
    if (!run) return undefined
    return new Detail(
      run.series,
      ({ from, to }, points) => this.#session.call('run.window', { run: run.id, from, to, points }),
      wait
    )
  })
  /** Trainable layers in the order of the columns. */
  readonly layers: DeskLayer[] = $derived.by(() => {
    const names = this.#session.run?.layers ?? []
    const search = this.#search.trim().toLowerCase()
    const { chosenLayer } = this.findings
    return names.map((name, index, { length }) => ({
      name,
      colour: layerColour(index, length, this.#appearance.dark),
      marker: layerMarker(index),
      hidden: this.#left.has(name),
      faint:
        (search !== '' && !name.toLowerCase().includes(search)) ||
        (chosenLayer !== undefined && index !== chosenLayer)
    }))
  })
  /** What happened when, for all charts. */
  readonly occasions: Occasion[] = $derived.by(() => occasionsOf(this.#session.run, this.#speech.say))
  /** The same without words, for the charts below the first. */
  readonly silent = $derived(this.occasions.map((occasion) => ({ ...occasion, text: '' })))

  /** Words that every chart needs. */
  readonly words: FrameWords = $derived.by(() => frameWords(this.#speech.say))

  /** `storage` holds how the charts were left. */
  constructor(session: Session, appearance: Appearance, speech: Speech, storage: TabStorage) {
    this.#session = session
    this.#appearance = appearance
    this.#speech = speech
    this.findings = new DeskFindings(session, speech)
    this.#before = recallDesk(storage)
    this.#smoothing = $state(this.#before.smoothing)
    this.#quantity = $state(this.#before.quantity)
    this.view = $state(this.#before.view)
    this.afterChain = $state(this.#before.afterChain)
    this.withoutTotal = $state(this.#before.withoutTotal)
    this.#left = new SvelteSet(this.#before.left)
  }

  /** What is to be known when the page is loaded anew. Reactive. */
  get memory(): DeskMemory {
    const run = this.#session.run
    return {
      view: this.view,
      quantity: this.#quantity,
      smoothing: this.#smoothing,
      afterChain: this.afterChain,
      withoutTotal: this.withoutTotal,
      left: [...this.#left],
      // Until the run is there again, it is the one from before.
      run: run ? { id: run.id, range: this.range.memory } : this.#before.run
    }
  }

  get dark(): boolean {
    return this.#appearance.dark
  }
  get smoothing(): number {
    return this.#smoothing
  }
  get search(): string {
    return this.#search
  }
  get quantity(): Quantity {
    return this.#quantity
  }

  smooth = (weight: number): void => {
    this.#smoothing = weight
  }
  find = (search: string): void => {
    this.#search = search
  }
  choose = (quantity: Quantity): void => {
    this.#quantity = quantity
  }
  /** Turns to the finding that was chosen last: marks its step and shows its chart. */
  turn(): void {
    const choice = this.#session.run?.choice
    if (choice === this.#turned) return
    this.#turned = choice
    untrack(() => this.#turnTo(this.findings.chosen))
  }

  #turnTo(group: FindingGroup | undefined): void {
    const step = group && Math.max(group.firstStep, 1)
    if (step !== undefined) this.range.reveal(step)
    if (this.range.pinned !== step) this.range.pin(step)
    if (group) this.view = layerViewFor(group, this.view)
  }

  /** Leaves a layer's line out, or shows it again. */
  toggle = (name: string): void => {
    if (!this.#left.delete(name)) this.#left.add(name)
  }

  /** Asks for old steps in full where they are in view. */
  refine(): void {
    void this.#detail?.want(this.range.shown)
  }

  /** The finest columns there are of the steps in view. Reactive. */
  get columns(): Series {
    const run = this.#session.run
    void run?.version
    return this.#detail?.seriesFor(this.range.shown) ?? run?.series ?? this.#nothing
  }

  /**
   * The columns and the point of the step that is read: the wanted one, else the last in view. The point is −1 while
   * there is none. Reactive.
   */
  get reading(): { series: Series; point: number } {
    const run = this.#session.run
    void run?.version
    if (!run) return { series: this.#nothing, point: -1 }
    const { to } = this.range.shown
    const step = this.range.step ?? (to < run.series.last ? to : undefined)
    if (step === undefined) return { series: run.series, point: run.series.count - 1 }
    const series = this.#detail?.seriesFor({ from: step, to: step }) ?? run.series
    return { series, point: series.find(step) }
  }

  /** The value at the step that is read; NaN while there is none. */
  valueOf(column: number): number {
    const { series, point } = this.reading
    return series.value(point, column)
  }

  /** Reads a column at the step of something in view; NaN where there is none. Reactive. */
  valueAt(column: number): (of: { step: number }) => number {
    const { columns } = this
    return ({ step }) => columns.value(columns.find(step), column)
  }

  /** A column of the step that is read, in words; a dash while there is none. */
  write(column: StepColumn | number, writer: (value: number) => string): string {
    return this.reading.point < 0
      ? '–'
      : writer(this.valueOf(typeof column === 'number' ? column : columnOf(column)))
  }

  /** The step that is read, in words. */
  get moment(): string {
    const { series, point } = this.reading
    const { say, language } = this.#speech
    if (point < 0) return say('window.noStep')
    const [first, last] = [series.firsts[point], series.lasts[point]]
    return first === last
      ? say('window.atStep', { step: writeCount(language, first) })
      : say('charts.atSteps', { first: writeCount(language, first), last: writeCount(language, last) })
  }

  /** Steps in view as rows of a table; the cells come from `cells`. */
  rows(cells: (series: Series, point: number) => string[]): string[][] {
    const { columns } = this
    const { from, to } = this.range.shown
    return sampledPoints(columns, from, to).map((point) => [
      writeCount(this.#speech.language, columns.firsts[point]),
      ...cells(columns, point)
    ])
  }
}

/** What a chart of the desk is asked for besides its own. */
export const viewOf = (desk: Desk): { columns: Columns; from: number; to: number } => ({
  columns: desk.columns,
  ...desk.range.shown
})
