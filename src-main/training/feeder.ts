import type { Message } from '#contract/messages'
import type { Wire } from '#contract/wire'
import type { TrainingBatch } from '../datasets/batches'
import { placeAfter, type BatchPlace, type FeedingTask, type MakeBatch } from '../datasets/feeding'

/** Batches that are made while a step runs: enough to even out slow ones, few enough for the memory. */
const AHEAD = 3

/** Where the batches of a run come from; which thread makes them changes nothing about them. */
export interface Feeder {
  /** The batch of a place. */
  next(place: BatchPlace): Promise<TrainingBatch>
  close(): void
}

/** A thread that answers places with batches, in order, as `serveBatches` does. */
export interface FeederThread extends Wire {
  end(): void
}

/** Starts a thread that makes the batches of a task. */
export type StartFeederThread = (task: FeedingTask) => FeederThread

/** Makes each batch when it is asked for. */
export const feedInPlace = (make: MakeBatch): Feeder => ({
  next: (place) => Promise.resolve(make(place)),
  close: () => {}
})

/**
 * Has another thread make the next batches ahead, in the order of an epoch of so many samples. Asked for another place
 * than the expected one, as after a change of batch size, it forgets what was made ahead. When the thread is gone,
 * `onLost` hears why, once, and batches are made with `make` from then on.
 */
export function feedAhead(
  thread: FeederThread,
  make: MakeBatch,
  samples: number,
  onLost: (reason: Message) => void
): Feeder {
  let ahead: { place: BatchPlace; batch: Promise<TrainingBatch | undefined> }[] = []
  /** Those who wait for an answer of the thread, which come in the order of the places. */
  const waiting: ((batch: TrainingBatch | undefined) => void)[] = []
  let isLost = false
  let isClosed = false

  thread.listen((batch) => waiting.shift()?.(batch as TrainingBatch))
  void thread.closed.then((problem) => {
    isLost = true
    for (const settle of waiting.splice(0)) settle(undefined)
    if (!isClosed) onLost({ key: 'training.fedInPlace', values: { problem } })
  })

  function order(place: BatchPlace): void {
    ahead.push({ place, batch: new Promise((settle) => waiting.push(settle)) })
    thread.post(place)
  }

  return {
    async next(place) {
      if (isLost) return make(place)
      if (ahead.length > 0 && !isSame(ahead[0].place, place)) ahead = []
      if (ahead.length === 0) order(place)
      while (ahead.length <= AHEAD) order(placeAfter(ahead[ahead.length - 1].place, samples))
      const [{ batch }] = ahead.splice(0, 1)
      return (await batch) ?? make(place)
    },
    close() {
      isClosed = true
      thread.end()
    }
  }
}

const isSame = (one: BatchPlace, other: BatchPlace): boolean =>
  one.epoch === other.epoch &&
  one.offset === other.offset &&
  one.size === other.size &&
  one.step === other.step
