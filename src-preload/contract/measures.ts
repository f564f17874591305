import { z } from 'zod'
import { rowBatch } from './arrays'

/** Files in a run folder with what the measure program gave. */
export const MEASURES_FILE = 'measures.bin'
export const MEASURES_TAIL_FILE = 'measures.tail'

/** What is kept of every step: nothing of layers, norms, measurements of layers besides, and histograms besides. */
export const telemetryPresets = ['off', 'light', 'normal', 'deep'] as const
export type Telemetry = (typeof telemetryPresets)[number]

const FIRST_STEPS = [1, 2, 5, 10, 20, 30, 40]
const NORMAL_STEPS = 50
const DEEP_STEPS = 10

/** Says whether layers are measured at a step. Only its number decides, so that a run that goes on measures the same. */
export function isMeasured(telemetry: Telemetry, step: number): boolean {
  if (telemetry !== 'normal' && telemetry !== 'deep') return false
  if (FIRST_STEPS.includes(step) || step % NORMAL_STEPS === 0) return true
  return telemetry === 'deep' && step % DEEP_STEPS === 0
}

/** How many of the steps 1 … `step` are measured. */
export function countMeasured(telemetry: Telemetry, step: number): number {
  let count = 0
  for (let at = 1; at <= Math.min(step, NORMAL_STEPS - 1); at++) if (isMeasured(telemetry, at)) count++
  if (step < NORMAL_STEPS || count === 0) return count
  const every = telemetry === 'deep' ? DEEP_STEPS : NORMAL_STEPS
  return count + Math.floor(step / every) - Math.floor((NORMAL_STEPS - 1) / every)
}

/** Layers are measured on so many samples of a batch, its first ones: a closer look must not cost more than a step. */
export const MEASURED_SAMPLES = 32

/**
 * What is measured of a layer on the first `MEASURED_SAMPLES` samples of a step's batch, with the weights before it.
 * Means and deviations are taken over what is finite. Where there are more than 16,384 outputs, gradients or weights,
 * these, the shares of zeros and saturation and the histograms are taken of some that lie evenly among them; what is
 * dead and what is not finite is found in all. NaN stands for what a layer does not have.
 */
export const measuredColumns = [
  /** Mean and standard deviation of its outputs. */
  'outputMean',
  'outputDeviation',
  /** The same of what enters its activation, where that is a layer of its own. */
  'preMean',
  'preDeviation',
  /** Largest magnitude among its outputs. */
  'largest',
  /** Share of outputs that are exactly zero. */
  'zeros',
  /** Of a ReLU: share of units (channels, features) that are zero for all these samples. */
  'dead',
  /** Of sigmoid and tanh: share of inputs beyond ±5, where hardly any gradient passes. */
  'saturated',
  /** Share of elements of its gradients that are exactly zero. */
  'gradientZeros',
  /** Elements that are NaN, and elements that are too large for a number, among outputs, gradients and weights. */
  'nanOutputs',
  'infiniteOutputs',
  'nanGradients',
  'infiniteGradients',
  'nanWeights',
  'infiniteWeights'
] as const
export type MeasuredColumn = (typeof measuredColumns)[number]

/** What histograms are made of, in the order in which a row holds those of a layer. */
export const histogramSets = ['outputs', 'gradients', 'weights'] as const
export type HistogramSet = (typeof histogramSets)[number]

/** Bins of one sign: half a decade of magnitude each, from 1e-16 to 1e8; the outermost take what lies beyond. */
export const HISTOGRAM_BINS = 48
export const HISTOGRAM_START = -16
export const BINS_PER_DECADE = 2
/**
 * Numbers of one histogram: how many elements are negative, the largest magnitudes first; exactly zero; positive, the
 * largest last; not finite. The bins are always the same, so that histograms can be added.
 */
export const HISTOGRAM_SIZE = 2 * HISTOGRAM_BINS + 2
export const HISTOGRAM_ZERO = HISTOGRAM_BINS
export const HISTOGRAM_NOT_FINITE = HISTOGRAM_SIZE - 1

/** Numbers of one layer in a row. */
const layerWidth = (hasHistograms: boolean): number =>
  measuredColumns.length + (hasHistograms ? histogramSets.length * HISTOGRAM_SIZE : 0)

/** Numbers in a row: the number of the step, and those of each measured layer. */
export const measuredWidth = (layers: number, hasHistograms: boolean): number =>
  1 + layers * layerWidth(hasHistograms)

/** The numbers of a layer in a row of so many layers, by column. */
export function measuredLayer(
  row: Float32Array,
  layers: number,
  layer: number
): Record<MeasuredColumn, number> {
  const at = 1 + layer * ((row.length - 1) / layers)
  return Object.fromEntries(measuredColumns.map((column, index) => [column, row[at + index]])) as Record<
    MeasuredColumn,
    number
  >
}

/** A histogram of a layer in a row of so many layers; undefined where the row has none. */
export function measuredHistogram(
  row: Float32Array,
  layers: number,
  layer: number,
  set: HistogramSet
): Float32Array | undefined {
  const width = (row.length - 1) / layers
  if (width === measuredColumns.length) return undefined
  const at = 1 + layer * width + measuredColumns.length + histogramSets.indexOf(set) * HISTOGRAM_SIZE
  return row.subarray(at, at + HISTOGRAM_SIZE)
}

/** Rows of consecutive measurements. */
export const measureBatch = rowBatch
export type MeasureBatch = z.infer<typeof measureBatch>

/** Stored measurements of a run. */
export const measureWindow = z.object({
  ...measureBatch.shape,
  /** Number of the last stored one; they are numbered from 1. */
  last: z.number().int()
})
export type MeasureWindow = z.infer<typeof measureWindow>
