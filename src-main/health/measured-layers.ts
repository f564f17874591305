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

/** Counts for each measured layer at how many measurements in a row a number was at least so large. */
export function countInARow(subject: Subject, column: MeasuredColumn, least: number) {
  const counts = subject.measured.map(() => 0)
  return {
    add(measurement: SeenMeasurement): void {
      for (let layer = 0; layer < counts.length; layer++)
        counts[layer] = measurement.at(layer, column) >= least ? counts[layer] + 1 : 0
    },
    /** The first layer, in the order of depth, at which it was so at so many in a row; −1 if it was at none. */
    first: (measurements: number): number => counts.findIndex((count) => count >= measurements)
  }
}
