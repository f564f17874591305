import { fitRange, panRange, zoomRange, type Range } from './range'

/** How far a run reaches. */
export interface Reach {
  /** Last step there is. */
  newest: number
  /** Last step on the axis when all of the run is shown. */
  end: number
}

/** What of a range outlives the page. */
export interface RangeMemory {
  /** None while all of the run is shown. */
  span?: Range
  following: boolean
  pinned?: number
}

/**
 * Which steps all charts of a run show, and which of them is read. While it follows, the newest step stays in view;
 * what the user has zoomed to or moved to stays as it is, whatever streams in.
 */
export class ChartRange {
  readonly #reach: () => Reach
  /** Undefined while all of the run is shown. */
  #span = $state.raw<Range>()
  #following = $state(true)
  #hovered = $state<number>()
  #pinned = $state<number>()

  /** Everything that can be shown. */
  readonly bounds: Range = $derived.by(() => {
    const { newest, end } = this.#reach()
    return { from: 0, to: Math.max(newest, end, 1) }
  })
  /** The steps on the axis. */
  readonly shown: Range = $derived.by(() => {
    if (!this.#span) return this.bounds
    if (!this.#following) return fitRange(this.#span, this.bounds)
    const to = Math.max(this.#reach().newest, 1)
    return fitRange({ from: to - (this.#span.to - this.#span.from), to }, this.bounds)
  })

  /** `reach` is reactive; `before` is how the range of the same run was left. */
  constructor(reach: () => Reach, before: RangeMemory = { following: true }) {
    this.#reach = reach
    this.#span = before.span
    this.#following = before.following
    this.#pinned = before.pinned
  }

  /** What is to be known when the page is loaded anew. */
  get memory(): RangeMemory {
    return { span: this.#span, following: this.#following, pinned: this.#pinned }
  }

  /** Says whether only a part of the run is shown. */
  get zoomed(): boolean {
    return this.#span !== undefined
  }
  get following(): boolean {
    return this.#following
  }
  /** The step that stays marked. */
  get pinned(): number | undefined {
    return this.#pinned
  }
  /** The step whose values are read; undefined is the newest. */
  get step(): number | undefined {
    return this.#hovered ?? this.#pinned
  }

  hover = (step: number | undefined): void => {
    this.#hovered = step
  }

  /** Marks a step, or no longer marks it when it is the marked one. */
  pin = (step: number | undefined): void => {
    this.#pinned = step === this.#pinned ? undefined : step
  }

  /** Shows these steps and no longer follows. */
  show = (range: Range): void => this.#hold(fitRange(range, this.bounds))

  /** Shows more steps (a factor above 1) or fewer; `centre` stays in its place. Without one, a range that follows goes on following. */
  zoom = (factor: number, centre?: number): void => {
    const { from, to } = this.shown
    if (centre === undefined && this.#following)
      this.#span = zoomRange(this.shown, factor, this.zoomed ? to : this.#reach().newest, this.bounds)
    else this.#hold(zoomRange(this.shown, factor, centre ?? (from + to) / 2, this.bounds))
  }

  /** Moves by so many steps and no longer follows. A range that holds everything cannot move. */
  pan = (steps: number): void => {
    if (this.zoomed) this.#hold(panRange(this.shown, steps, this.bounds))
  }

  /** Moves so that a step is in view. */
  reveal = (step: number): void => {
    const { from, to } = this.shown
    if (step < from) this.pan(step - from)
    else if (step > to) this.pan(step - to)
  }

  /** Keeps the newest step in view from now on. */
  follow = (): void => {
    this.#following = true
  }

  /** Keeps what is in view, whatever streams in. */
  hold = (): void => this.#hold(this.shown)

  /** Shows all of the run and follows. */
  reset = (): void => {
    this.#span = undefined
    this.#following = true
  }

  #hold(range: Range): void {
    this.#span = range
    this.#following = false
  }
}
