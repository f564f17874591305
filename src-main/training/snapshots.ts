import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '#contract/experiment'
import type { Position } from './position'
import { copyOf, tensorsOf, type TrainState } from './step'

/** Steps between two snapshots: PaLM went back some 100 steps before a spike, which is what one or two of these are. */
export const SNAPSHOT_INTERVAL = 50
/** Intervals whose mean loss is remembered: an interval is compared with the best of them. */
const REMEMBERED_INTERVALS = 4
/** A mean loss so many times that of the best remembered interval is an explosion. */
const EXPLODING = 4

/** Bytes of a state up to which a run that never goes back keeps snapshots all the same, for a stop to be looked at. */
const MOST_BYTES = 128e6

/** Says whether a run with this state keeps snapshots. */
export const holdsSnapshots = (guard: Experiment['guard']['nonFinite'], state: TrainState): boolean =>
  guard === 'rollback' ||
  4 * Object.values(tensorsOf(state)).reduce((sum, { size }) => sum + size, 0) <= MOST_BYTES

/** A state of a run in memory, with the place where it was. */
export interface Snapshot {
  readonly position: Position
  readonly state: TrainState
}

/** What a checkpoint holds of snapshots, so that a run that goes on goes back to where it would have gone. */
export interface KeptSnapshots {
  /** The good one and, where there is one, the one that is on trial. */
  states: TrainState[]
  about: { positions: Position[]; means: number[]; sum: number; count: number }
}

/**
 * Two snapshots of a run in memory: one that proved good, and a newer one on trial. A snapshot is taken at every
 * fiftieth step and proves good when the interval behind it has been calm: at least half of its steps were applied, and
 * their mean loss has not exploded. The step numbers and the losses alone decide, never the clock. Taking one copies
 * nothing: the engine keeps the tensors that a step replaces.
 */
export interface Snapshots {
  /** The newest that proved good; at first the state that the run was opened with. */
  readonly good: Snapshot
  /** Takes note of an attempt that is over, with its loss if it was applied. */
  note(position: Position, loss: number | undefined): void
  /** Forgets what is newer than the good one and gives a copy of that, which belongs to the caller. */
  goBack(): Snapshot
  /** What a checkpoint must hold; the tensors belong to the caller. */
  keep(): KeptSnapshots
  dispose(): void
}

/** Opens the snapshots of a run that stands at `start`; `stored` are those of its checkpoint, taken over. */
export function openSnapshots(
  run: { readonly state: TrainState },
  start: Position,
  stored?: KeptSnapshots
): Snapshots {
  const take = (position: Position): Snapshot => ({
    position: structuredClone(position),
    state: copyOf(run.state)
  })
  const restored = stored?.states.map((state, index) => ({ position: stored.about.positions[index], state }))
  let good: Snapshot = restored?.[0] ?? take(start)
  let onTrial: Snapshot | undefined = restored?.[1]
  let { means, sum, count } = stored?.about ?? { means: [], sum: 0, count: 0 }

  const drop = (snapshot: Snapshot | undefined): void => {
    if (snapshot) tf.dispose(tensorsOf(snapshot.state))
  }
  /** Judges the interval that is over, and remembers it. */
  function wasCalm(): boolean {
    const mean = sum / count
    const isCalm = means.length === 0 || mean <= EXPLODING * Math.min(...means)
    means = [...means, mean].slice(-REMEMBERED_INTERVALS)
    return isCalm
  }
  return {
    get good() {
      return good
    },
    note(position, loss) {
      if (loss !== undefined) {
        sum += loss
        count++
      }
      if (position.step % SNAPSHOT_INTERVAL !== 0) return
      const isProof = count >= SNAPSHOT_INTERVAL / 2
      // Too little was applied to say anything: what is on trial stays so.
      if (!isProof && onTrial) return
      const isCalm = isProof && wasCalm()
      if (onTrial && isCalm) {
        drop(good)
        good = onTrial
      } else drop(onTrial)
      onTrial = take(position)
      sum = 0
      count = 0
    },
    goBack() {
      drop(onTrial)
      onTrial = undefined
      sum = 0
      count = 0
      return { position: structuredClone(good.position), state: copyOf(good.state) }
    },
    keep() {
      const both = onTrial ? [good, onTrial] : [good]
      return {
        states: both.map(({ state }) => copyOf(state)),
        about: { positions: both.map(({ position }) => position), means, sum, count }
      }
    },
    dispose() {
      drop(good)
      drop(onTrial)
    }
  }
}
