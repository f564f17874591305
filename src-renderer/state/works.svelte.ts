import { SvelteMap } from 'svelte/reactivity'
import type { WorkbenchEvent } from '#contract/events'
import { Failure } from '#contract/failure'
import type { WorkProgress } from '#contract/work'
import type { Call } from './link.svelte'

/** Something long that the workbench was asked for: how far it is, and what came of it. */
export class Task<Value> {
  #progress = $state.raw<WorkProgress>()
  #value = $state.raw<Value>()
  #error = $state.raw<unknown>()
  #running = $state(true)
  readonly #callOff: () => void
  /** Settles when it is over, however it ended. */
  readonly over: Promise<void>

  constructor(asked: Promise<Value>, callOff: () => void) {
    this.#callOff = callOff
    this.over = asked.then(
      (value) => {
        this.#value = value
        this.#running = false
      },
      (error: unknown) => {
        this.#error = error
        this.#running = false
      }
    )
  }

  get progress(): WorkProgress | undefined {
    return this.#progress
  }
  get running(): boolean {
    return this.#running
  }
  get value(): Value | undefined {
    return this.#value
  }
  /** Why nothing came of it; undefined where the user called it off, who knows. */
  get error(): unknown {
    return this.cancelled ? undefined : this.#error
  }
  get cancelled(): boolean {
    return this.#error instanceof Failure && this.#error.key === 'request.cancelled'
  }

  hear(progress: WorkProgress): void {
    if (this.#running) this.#progress = progress
  }
  cancel = (): void => this.#callOff()
}

/** Everything long that this window has asked for. */
export class Works {
  readonly #call: Call
  readonly #window: string
  readonly #tasks = new SvelteMap<string, Task<unknown>>()
  #last = 0

  /** `window` is a name that no other window has. */
  constructor(call: Call, window: string) {
    this.#call = call
    this.#window = window
  }

  /** Asks for something long under a name, which `ask` puts into the request. */
  start<Value>(ask: (work: string) => Promise<Value>): Task<Value> {
    const work = `${this.#window}-${++this.#last}`
    // It ends by itself with `request.cancelled`; a connection that is lost meanwhile is said elsewhere.
    const task = new Task(ask(work), () => void this.#call('work.cancel', { work }).catch(() => undefined))
    this.#tasks.set(work, task)
    void task.over.then(() => this.#tasks.delete(work))
    return task
  }

  hear(event: WorkbenchEvent): void {
    if (event.type === 'work.progress') this.#tasks.get(event.work)?.hear(event)
  }
}
