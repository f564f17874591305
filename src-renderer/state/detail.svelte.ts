import { Failure } from '#contract/failure'
import type { StepWindow } from '#contract/step-rows'
import type { Range } from './range'
import { Series } from './series'

/** Reads stored steps in so many buckets at most. */
export type ReadWindow = (range: Range, points: number) => Promise<StepWindow>
/** Waits so many milliseconds. */
export type Wait = (milliseconds: number) => Promise<void>

/** Buckets that are asked for: a chart twice as wide as it is, so that one can move a little. */
const POINTS = 3000
/** Points in view that are as good as all of them. */
const ENOUGH = 1000
/** A hand that still moves is not asked for. */
const REST_MS = 120
/** What was read for a range this many times longer than the one in view is too coarse for it. */
const COARSE = 4

/**
 * Old steps in full, for as long as they are in view: the series of a run holds its older parts only in joined
 * points, so that the part that is zoomed to is read again from the run folder.
 */
export class Detail {
  readonly #run: Series
  readonly #read: ReadWindow
  readonly #wait: Wait
  #fine: Series | undefined
  /** What `#fine` was read for. */
  #held: Range | undefined
  #wanted: Range = { from: 0, to: 0 }
  #resting = false
  #version = $state(0)

  constructor(run: Series, read: ReadWindow, wait: Wait) {
    this.#run = run
    this.#read = read
    this.#wait = wait
  }

  /** The finest steps there are for a range; reactive when finer ones arrive. */
  seriesFor(range: Range): Series {
    void this.#version
    if (!this.#fine || !this.#covers(range)) return this.#run
    this.#fine.continueWith(this.#run)
    return this.#fine
  }

  /** Reads the steps of a range once the range has come to rest, if they are not known finely enough. */
  want = async (range: Range): Promise<void> => {
    this.#wanted = range
    if (this.#resting || !this.#needs(range)) return
    this.#resting = true
    let rested: Range
    do {
      rested = this.#wanted
      await this.#wait(REST_MS)
    } while (!isSame(rested, this.#wanted))
    this.#resting = false
    if (this.#needs(rested)) await this.#fetch(rested)
  }

  async #fetch(range: Range): Promise<void> {
    const half = Math.ceil((range.to - range.from) / 2)
    const wide = { from: Math.max(1, range.from - half), to: Math.min(this.#run.last, range.to + half) }
    let window: StepWindow
    try {
      window = await this.#read(wide, POINTS)
    } catch (error) {
      // A lost connection is said elsewhere; what is coarse stays on display.
      if (error instanceof Failure) return
      throw error
    }
    if (!isSame(this.#wanted, range)) return
    this.#fine = new Series()
    this.#fine.load(window)
    this.#held = wide
    this.#version++
  }

  #needs({ from, to }: Range): boolean {
    const coarse = this.#run.pointsIn(from, to) < Math.min(to, this.#run.last) - Math.max(from, 1) + 1
    if (!coarse || this.#run.pointsIn(from, to) >= ENOUGH) return false
    return !this.#covers({ from, to }) || this.#tooCoarse({ from, to })
  }

  #covers({ from, to }: Range): boolean {
    const held = this.#held
    return held !== undefined && held.from <= Math.max(from, 1) && (to <= held.to || held.to >= this.#edge)
  }

  #tooCoarse({ from, to }: Range): boolean {
    const held = this.#held as Range
    return held.to - held.from > COARSE * (to - from) && held.to - held.from > POINTS
  }

  /** From here on the series itself has every step. */
  get #edge(): number {
    return this.#run.firstSingle - 1
  }
}

const isSame = (a: Range, b: Range): boolean => a.from === b.from && a.to === b.to
