import type { WorkbenchEvent } from '#contract/events'
import { Examination } from './examination.svelte'
import type { Call } from './link.svelte'
import type { NextFrame } from './paced'
import { Run } from './run.svelte'

/** The runs whose every step this window hears: the one on display, and those beside it. */
export class WatchedRuns {
  readonly #call: Call
  readonly #nextFrame: NextFrame
  readonly examination: Examination
  /** Runs whose history is still on its way, and runs beside the one on display. */
  #followed: readonly Run[] = []
  #display = $state.raw<Run>()

  constructor(call: Call, nextFrame: NextFrame) {
    this.#call = call
    this.#nextFrame = nextFrame
    this.examination = new Examination(call)
  }

  get display(): Run | undefined {
    return this.#display
  }

  /** Puts a run on display, unless another one was put there meanwhile. */
  async show(id: string): Promise<void> {
    const before = this.#display
    const { run, letGo } = await this.follow(id)
    letGo()
    if (before !== this.#display) return
    this.#display = run
    if (run.current) this.examination.examine(run.current)
  }

  clear(): void {
    this.#display = undefined
  }

  /** Another run beside the one on display, kept up to date until it is let go. */
  async follow(id: string): Promise<{ run: Run; letGo(): void }> {
    const run = new Run(this.#call, id, this.#nextFrame)
    this.#followed = [...this.#followed, run]
    const letGo = (): void => {
      this.#followed = this.#followed.filter((each) => each !== run)
    }
    try {
      await run.open()
    } catch (error) {
      letGo()
      throw error
    }
    return { run, letGo }
  }

  /** Fetches what those beside the display have missed; one that vanished stays as it was. */
  async reopen(isThere: (id: string) => boolean, fail: (error: unknown) => void): Promise<void> {
    await Promise.all(this.#followed.filter(({ id }) => isThere(id)).map((run) => run.open().catch(fail)))
  }

  hear(event: WorkbenchEvent): void {
    if (event.type === 'run.deleted' && this.#display?.id === event.run) this.clear()
    this.#display?.hear(event)
    for (const run of this.#followed) run.hear(event)
  }
}
