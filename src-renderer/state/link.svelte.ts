import type { WorkbenchEvent } from '#contract/events'
import { Failure } from '#contract/failure'
import type { Requests } from '#contract/requests'
import { connect, type Client, type Wire } from '#contract/wire'

/** Waits between attempts to reconnect. */
const RECONNECT_DELAYS_MS = [250, 500, 1000, 2000, 4000]

export type WorkbenchClient = Client<Requests, WorkbenchEvent>
export type Call = WorkbenchClient['call']
export type Connection = 'connecting' | 'open' | 'lost'

/** What the link needs from the page; tests give their own. */
export interface Surroundings {
  open(): Promise<Wire>
  wait(milliseconds: number): Promise<void>
}

/** The connection with the workbench: asks, hears, and comes back when it is lost. */
export class Link {
  readonly #around: Surroundings
  #listeners: readonly ((event: WorkbenchEvent) => void)[] = []
  #client: WorkbenchClient | undefined
  #left = false
  #state = $state<Connection>('connecting')

  constructor(around: Surroundings) {
    this.#around = around
  }

  get state(): Connection {
    return this.#state
  }

  /** Asks the workbench. @throws Failure `wire.closed` while there is no connection */
  readonly call: Call = (name, input) =>
    this.#client?.call(name, input) ?? Promise.reject(new Failure('wire.closed', { reason: '–' }))

  /** Hears what the workbench announces, across lost connections; answers with the way to stop. */
  on = (listener: (event: WorkbenchEvent) => void): (() => void) => {
    this.#listeners = [...this.#listeners, listener]
    return () => {
      this.#listeners = this.#listeners.filter((each) => each !== listener)
    }
  }

  /** Connects and stays connected until `leave`; `begin` runs on each new connection, `fail` hears what went wrong. */
  async stay(begin: () => Promise<void>, fail: (error: unknown) => void): Promise<void> {
    for (let attempt = 0; !this.#left; attempt++) {
      try {
        const client = connect<Requests, WorkbenchEvent>(await this.#around.open())
        this.#client = client
        client.on((event) => this.#listeners.forEach((listener) => listener(event)))
        await begin()
        this.#state = 'open'
        attempt = 0
        await client.closed
      } catch (error) {
        fail(error)
      }
      this.#client = undefined
      this.#state = 'lost'
      await this.#around.wait(RECONNECT_DELAYS_MS[Math.min(attempt, RECONNECT_DELAYS_MS.length - 1)])
    }
  }

  /** Stops reconnecting. */
  leave(): void {
    this.#left = true
  }
}
