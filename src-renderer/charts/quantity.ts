import { layerColumnOf } from '#contract/step-rows'
import { HEALTHY_RATIO, ratioTrack } from './ratio'
import { oddityOf, type Columns, type Oddity, type Track } from './reduce'

/** What of a layer is shown: the norm of its gradient, or its update through its weight. */
export type Quantity = 'gradient' | 'ratio'

/**
 * Where gradient norms call for no second look. A norm has no natural scale: below it a first layer hardly learns
 * (AutoTrainer, Zhang et al., 2021, takes 1e-4), above it clipping thresholds in use are passed many times over.
 */
const HEALTHY_NORM = { low: 1e-4, high: 1e1 }

/** The range of a quantity around which colours diverge. */
export const healthyOf = (quantity: Quantity): { low: number; high: number } =>
  quantity === 'gradient' ? HEALTHY_NORM : HEALTHY_RATIO

/** A layer's values of a quantity. */
export function trackOf(columns: Columns, quantity: Quantity, layer: number): Track {
  if (quantity === 'ratio') return ratioTrack(columns, layer)
  const column = layerColumnOf(layer, 'gradientBefore')
  const [minima, maxima] = [columns.minima[column] ?? [], columns.maxima[column] ?? []]
  const flags = columns.maxima[layerColumnOf(layer, 'flags')] ?? []
  return {
    absent: (point) => maxima[point] === undefined,
    smallest: (point) => minima[point],
    largest: (point) => maxima[point],
    flags: (point) => flags[point]
  }
}

/** The value of a layer at a point, as it is shown on a logarithmic scale; undefined where there is none. */
export type Reading = number | 'zero' | Oddity | undefined

/** Reads a track at a point: log10 of the largest value, or what it is instead. */
export function readTrack(track: Track, point: number): Reading {
  if (point < 0 || track.absent?.(point)) return undefined
  const value = track.largest(point)
  if (!Number.isFinite(value)) return oddityOf(value, track.flags(point))
  return value <= 0 ? 'zero' : Math.log10(value)
}
