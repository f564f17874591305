import { layerColumnOf } from '#contract/step-rows'
import type { Columns, Track } from './reduce'

/**
 * Ratios of update to weight in which learning usually goes well, around the 1e-3 that is a common rule of thumb
 * (Karpathy, CS231n notes on neural networks, 2015).
 */
export const HEALTHY_RATIO = { low: 1e-4, high: 1e-2 }

/**
 * Update norm through weight norm of a layer. A point that covers several steps gives bounds between which each of
 * their ratios lies. A layer whose weights are all zero has no ratio.
 */
export function ratioTrack(columns: Columns, layer: number): Track {
  const column = (name: 'update' | 'weight' | 'flags', from: 'minima' | 'maxima'): ArrayLike<number> =>
    columns[from][layerColumnOf(layer, name)] ?? []
  const [smallestUpdate, largestUpdate] = [column('update', 'minima'), column('update', 'maxima')]
  const [smallestWeight, largestWeight] = [column('weight', 'minima'), column('weight', 'maxima')]
  const flags = column('flags', 'maxima')
  return {
    absent: (point) => largestWeight[point] === 0 || largestWeight[point] === undefined,
    smallest: (point) => smallestUpdate[point] / largestWeight[point],
    largest: (point) =>
      Number.isFinite(largestWeight[point])
        ? largestUpdate[point] / (smallestWeight[point] || largestWeight[point])
        : largestWeight[point],
    flags: (point) => flags[point]
  }
}

/** The largest ratio of a point's steps; undefined where there is none. */
export function ratioAt(columns: Columns, layer: number, point: number): number | undefined {
  const track = ratioTrack(columns, layer)
  return point < 0 || point >= columns.count || track.absent?.(point) ? undefined : track.largest(point)
}
