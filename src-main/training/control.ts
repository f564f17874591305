import type { Change } from '#contract/trainer'

/** Why the loop was asked to end. */
export type StopWish = 'stopped' | 'interrupted'

/** A change that waits for the step boundary at which it takes effect. */
interface PendingChange extends Change {
  done(step: number): void
  failed(error: unknown): void
}

/** What a user wishes of a running loop; the loop asks between steps. */
export interface Control {
  pause(): void
  resume(): void
  /** Lets a paused loop do one step. */
  step(): void
  stop(wish: StopWish): void
  /** Resolves with the first step that runs with the new value; rejects when the loop refuses it. */
  change(change: Change): Promise<number>
  readonly stopWish: StopWish | undefined
  readonly paused: boolean
  /** The changes that wait; asking takes them. */
  takeChanges(): PendingChange[]
  /** Settles when the loop may do a step, or must stop or look at a change. */
  permission(): Promise<void>
}

export function createControl(): Control {
  let paused = false
  let singleSteps = 0
  let stopWish: StopWish | undefined
  const changes: PendingChange[] = []
  let wake: () => void = () => {}

  const mayGo = (): boolean => !paused || stopWish !== undefined || changes.length > 0 || singleSteps > 0
  return {
    pause: () => {
      paused = true
    },
    resume: () => {
      paused = false
      singleSteps = 0
      wake()
    },
    step: () => {
      if (paused) singleSteps++
      wake()
    },
    stop: (wish) => {
      stopWish ??= wish
      wake()
    },
    change: (change) =>
      new Promise((done, failed) => {
        changes.push({ ...change, done, failed })
        wake()
      }),
    get stopWish() {
      return stopWish
    },
    get paused() {
      return paused
    },
    takeChanges: () => changes.splice(0),
    permission: async () => {
      while (!mayGo()) await new Promise<void>((resolve) => (wake = resolve))
      if (paused && stopWish === undefined && changes.length === 0) singleSteps--
    }
  }
}
