import { Failure } from '#contract/failure'
import type { MeasureBatch } from '#contract/measures'
import type { Call } from './link.svelte'

/** Measurements that are kept; more than a picture has columns. */
const MOST_ROWS = 400
/** Questions that the stored ones are fetched with. */
const MOST_QUESTIONS = 60

/**
 * What was measured of a run's layers over its steps, rows of `contract/measures`. Nothing is fetched before someone wants
 * to see it; a long run is known by measurements at equal distances.
 */
export class MeasureHistory {
  readonly #call: Call
  readonly #run: string
  #wanted = false
  #rows = $state.raw<readonly Float32Array[]>([])

  constructor(call: Call, run: string) {
    this.#call = call
    this.#run = run
  }

  /** In the order of their steps, which are their first numbers. */
  get rows(): readonly Float32Array[] {
    return this.#rows
  }

  /** Fetches what is stored, once. */
  want = async (): Promise<void> => {
    if (this.#wanted) return
    this.#wanted = true
    try {
      this.#take(await this.#fetch())
    } catch (error) {
      // A lost connection is said elsewhere, and the run is opened anew when it is back.
      if (!(error instanceof Failure)) throw error
      this.#wanted = false
    }
  }

  /** Takes in what is measured now. */
  hear(batch: MeasureBatch): void {
    if (this.#wanted) this.#take(rowsOf(batch))
  }

  /** Forgets everything behind a step, because the run went back to a checkpoint. */
  truncate(step: number): void {
    this.#rows = this.#rows.filter(([at]) => at <= step)
  }

  async #fetch(): Promise<Float32Array[]> {
    const ask = (from: number) => this.#call('run.measures', { run: this.#run, from })
    const first = await ask(1)
    const rows = rowsOf(first)
    const { count, last } = first
    if (count === 0) return rows
    const isWhole = Math.ceil(last / count) <= MOST_QUESTIONS
    const stride = isWhole ? count : Math.ceil(last / MOST_QUESTIONS)
    const found = isWhole ? rows : rows.slice(0, 1)
    for (let from = 1 + stride; from <= last; from += stride) {
      const next = rowsOf(await ask(from))
      found.push(...(isWhole ? next : next.slice(0, 1)))
    }
    return found
  }

  #take(rows: readonly Float32Array[]): void {
    const fresh = rows.filter(([step]) => !this.#rows.some(([known]) => known === step))
    let all = [...this.#rows, ...fresh].sort((a, b) => a[0] - b[0])
    while (all.length > MOST_ROWS) all = all.filter((_, index) => index % 2 === 0)
    this.#rows = all
  }
}

const rowsOf = ({ count, width, values }: MeasureBatch): Float32Array[] =>
  Array.from({ length: count }, (_, index) => values.slice(index * width, (index + 1) * width))
