import type { MeasuredColumn } from '#contract/measures'
import type { Subject } from './detector'
import type { SeenMeasurement } from './seen-step'

/**
 * For each measured layer the place among the trainable ones of that which its outputs are made by: itself, or the last
 * one in front of it with weights that are no normalization's; −1 where there is none.
 */
export function makersOf({ layers, measured }: Subject): number[] {
  let maker = -1
  return measured.map((name) => {
    const own = layers.findIndex((layer) => layer.name === name)
    if (own >= 0 && !layers[own].isNormalization) maker = own
    return maker
  })
}

/** Names a measured layer as findings do: the one that its outputs are made by, else itself. */
export function namesOf(subject: Subject): string[] {
  const makers = makersOf(subject)
  return subject.measured.map((name, at) => subject.layers[makers[at]]?.name ?? name)
}

/** Follows a share of the measured layers: in which of them it is large at several measurements in a row. */
export interface FollowedShare {
  add(measurement: SeenMeasurement): void
  /** The first layer, in the order of depth, in which it was at least so large at so many in a row; −1 if it was in none. */
  first(measurements: number): number
  /** What it was in a layer at the newest measurement; NaN before the first. */
  newest(layer: number): number
}

/** Follows a column of the measurements; at least so much is large. */
export function followShare({ measured }: Subject, column: MeasuredColumn, least: number): FollowedShare {
  const counts = measured.map(() => 0)
  const newest = new Float64Array(measured.length).fill(NaN)
  return {
    add(measurement) {
      for (let layer = 0; layer < counts.length; layer++) {
        newest[layer] = measurement.at(layer, column)
        counts[layer] = newest[layer] >= least ? counts[layer] + 1 : 0
      }
    },
    first: (measurements) => counts.findIndex((count) => count >= measurements),
    newest: (layer) => newest[layer]
  }
}
