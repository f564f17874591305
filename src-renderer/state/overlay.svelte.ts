import { SvelteMap } from 'svelte/reactivity'
import type { Run } from './run.svelte'
import type { Session } from './session.svelte'

/** The runs whose curves are laid over each other, in the order in which they were chosen. */
export class Overlay {
  readonly #session: Session
  readonly #followed = new SvelteMap<string, { run?: Run; letGo?: () => void }>()
  #baseline = $state<string>()

  /** Those that can be drawn; a run that was deleted meanwhile is left out. */
  readonly runs: readonly Run[] = $derived(
    [...this.#followed].flatMap(([id, { run }]) =>
      run && this.#session.runs.some((listing) => listing.id === id) ? [run] : []
    )
  )
  /** The run that the others are compared with. */
  readonly baseline = $derived(this.runs.find(({ id }) => id === this.#baseline) ?? this.runs[0])

  constructor(session: Session) {
    this.#session = session
  }

  has = (id: string): boolean => this.#followed.has(id)

  compareWith = (id: string): void => {
    this.#baseline = id
  }

  /** Lays a run over the others, or takes it away. */
  toggle = async (id: string): Promise<void> => {
    const known = this.#followed.get(id)
    if (known) {
      known.letGo?.()
      this.#followed.delete(id)
      return
    }
    this.#followed.set(id, {})
    await this.#session.attempt(async () => {
      try {
        const followed = await this.#session.follow(id)
        // It may have been taken away while its history was on its way.
        if (this.#followed.has(id)) this.#followed.set(id, followed)
        else followed.letGo()
      } catch (error) {
        this.#followed.delete(id)
        throw error
      }
    })
  }
}
