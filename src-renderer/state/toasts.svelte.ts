import type { Message } from '#contract/messages'

/** A short word about something that was done; it goes by itself and never takes the focus. */
export interface Toast {
  id: number
  message: Message
  /** The one thing that can be done about it, such as undoing it. */
  action?: { label: Message; run(): void }
}

/** How long a toast stays: long enough to read it, longer where something can be done about it. */
const STAY_MS = 6_000
const STAY_WITH_ACTION_MS = 20_000
/** More would hide what they are about. */
const MOST_SHOWN = 3

/** The toasts that are shown, the newest last. */
export class Toasts {
  readonly #later: (milliseconds: number, work: () => void) => () => void
  #timers: Record<number, (() => void) | undefined> = {}
  #lastId = 0
  #shown = $state.raw<readonly Toast[]>([])

  /** `later` calls back after a while and answers with the way to prevent it. */
  constructor(later: (milliseconds: number, work: () => void) => () => void) {
    this.#later = later
  }

  get shown(): readonly Toast[] {
    return this.#shown
  }

  show(message: Message, action?: Toast['action']): void {
    const toast = { id: ++this.#lastId, message, ...(action && { action }) }
    this.#shown.slice(0, Math.max(0, this.#shown.length - MOST_SHOWN + 1)).forEach((old) => this.dismiss(old))
    this.#shown = [...this.#shown, toast]
    this.release(toast)
  }

  /** Keeps a toast while someone is at it. */
  hold({ id }: Toast): void {
    this.#timers[id]?.()
    delete this.#timers[id]
  }

  /** Lets a toast go after its time. */
  release(toast: Toast): void {
    this.hold(toast)
    const stay = toast.action ? STAY_WITH_ACTION_MS : STAY_MS
    this.#timers[toast.id] = this.#later(stay, () => this.dismiss(toast))
  }

  dismiss(toast: Toast): void {
    this.hold(toast)
    this.#shown = this.#shown.filter(({ id }) => id !== toast.id)
  }
}
