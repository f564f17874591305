import { SvelteMap } from 'svelte/reactivity'
import type { WorkbenchEvent } from '#contract/events'
import type { Message } from '#contract/messages'
import { isActive, type RunListing, type RunProgress } from '#contract/run'
import type { Call } from './link.svelte'

/** How often the steps of runs beside the one on display are shown anew. */
const PUBLISH_INTERVAL_MS = 500

/** The runs of the library, newest first, and where those stand that are at work. */
export class RunList {
  readonly #call: Call
  readonly #later: (milliseconds: number, work: () => void) => unknown
  #all = $state.raw<readonly RunListing[]>([])
  readonly #progress = new SvelteMap<string, RunProgress>()
  /** What was told since it was shown last. */
  #newest: Record<string, RunProgress> = {}
  #waiting = false
  #coming = $state.raw<{ run: string; activity?: Message }>()

  readonly active = $derived(this.#all.filter(({ state }) => isActive(state)))

  /** `later` does something after a while. */
  constructor(call: Call, later: (milliseconds: number, work: () => void) => unknown) {
    this.#call = call
    this.#later = later
  }

  get all(): readonly RunListing[] {
    return this.#all
  }
  has = (id: string | undefined): boolean => this.#all.some((listing) => listing.id === id)

  /** What happens before a run is there that is about to begin. */
  get coming(): Message | undefined {
    return this.#coming?.activity
  }

  /** Where a run stands that is at work; undefined while nothing was told of it. */
  progressOf = (id: string): RunProgress | undefined => this.#progress.get(id)

  async read(): Promise<void> {
    const runs = await this.#call('run.list', {})
    this.#all = runs.toSorted((a, b) => b.created - a.created)
  }

  hear(event: WorkbenchEvent): void {
    if (event.type === 'run.listed') this.#put(event.listing)
    else if (event.type === 'run.deleted') {
      this.#all = this.#all.filter(({ id }) => id !== event.run)
      this.#forget(event.run)
    } else if (event.type === 'run.progress') this.#note(event.run, event.progress)
  }

  #put(listing: RunListing): void {
    if (listing.id === this.#coming?.run) this.#coming = undefined
    const others = this.#all.filter(({ id }) => id !== listing.id)
    this.#all = [listing, ...others].toSorted((a, b) => b.created - a.created)
    if (!isActive(listing.state)) this.#forget(listing.id)
  }

  #forget(id: string): void {
    delete this.#newest[id]
    this.#progress.delete(id)
  }

  #note(id: string, progress: RunProgress): void {
    if (!isActive(progress.state)) return this.#forget(id)
    const { activity } = progress
    if (!this.has(id)) this.#coming = { run: id, ...(activity && { activity }) }
    this.#newest[id] = progress
    if (this.#waiting) return
    this.#waiting = true
    this.#later(PUBLISH_INTERVAL_MS, () => {
      this.#waiting = false
      for (const [run, newest] of Object.entries(this.#newest)) this.#progress.set(run, newest)
      this.#newest = {}
    })
  }
}
