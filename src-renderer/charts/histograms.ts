import {
  BINS_PER_DECADE,
  HISTOGRAM_BINS,
  HISTOGRAM_NOT_FINITE,
  HISTOGRAM_START,
  HISTOGRAM_ZERO
} from '#contract/measures'
import { writePower } from './axis'

/** The histogram of a layer at a step, as `contract/measures` has it. */
export interface StepHistogram {
  step: number
  counts: Float32Array
}

/** Bins from one to another, both included; bins follow the order of their values. */
export interface BinRange {
  low: number
  high: number
}

const FIRST_POSITIVE = HISTOGRAM_ZERO + 1

/** Elements that are finite. */
export function countFinite({ counts }: StepHistogram): number {
  let sum = 0
  for (let bin = 0; bin < HISTOGRAM_NOT_FINITE; bin++) sum += counts[bin]
  return sum
}

/** The bins that hold anything in some histogram, zero always among them. */
export function usedBins(histograms: readonly StepHistogram[]): BinRange {
  let [low, high] = [HISTOGRAM_ZERO, HISTOGRAM_ZERO]
  for (const { counts } of histograms)
    for (let bin = 0; bin < HISTOGRAM_NOT_FINITE; bin++) {
      if (counts[bin] === 0) continue
      low = Math.min(low, bin)
      high = Math.max(high, bin)
    }
  return { low, high }
}

/** Whole powers of ten between bins, with the edge at which each stands; the bin of zero stands around its middle. */
export function binEdges({ low, high }: BinRange): { edge: number; text: string }[] {
  const edges = [{ edge: HISTOGRAM_ZERO + 0.5, text: '0' }]
  for (let at = BINS_PER_DECADE; at < HISTOGRAM_BINS; at += BINS_PER_DECADE) {
    const power = writePower(HISTOGRAM_START + at / BINS_PER_DECADE)
    if (FIRST_POSITIVE + at <= high + 1) edges.push({ edge: FIRST_POSITIVE + at, text: power })
    if (HISTOGRAM_ZERO - at >= low) edges.push({ edge: HISTOGRAM_ZERO - at, text: `−${power}` })
  }
  return edges
}

/** Decades of values from the least to the largest, each with its bins, as columns of a table. */
export function decadesOf({ low, high }: BinRange): { text: string; bins: BinRange }[] {
  const decades: { text: string; bins: BinRange }[] = []
  const add = (bins: BinRange, text: string): void => {
    if (bins.high >= low && bins.low <= high) decades.push({ text, bins })
  }
  const power = (at: number): string => writePower(HISTOGRAM_START + at / BINS_PER_DECADE)
  for (let at = HISTOGRAM_BINS - BINS_PER_DECADE; at >= 0; at -= BINS_PER_DECADE) {
    const bins = { low: HISTOGRAM_ZERO - at - BINS_PER_DECADE, high: HISTOGRAM_ZERO - at - 1 }
    add(bins, `−${power(at + BINS_PER_DECADE)}…−${power(at)}`)
  }
  add({ low: HISTOGRAM_ZERO, high: HISTOGRAM_ZERO }, '0')
  for (let at = 0; at < HISTOGRAM_BINS; at += BINS_PER_DECADE) {
    const bins = { low: FIRST_POSITIVE + at, high: FIRST_POSITIVE + at + BINS_PER_DECADE - 1 }
    add(bins, `${power(at)}…${power(at + BINS_PER_DECADE)}`)
  }
  return decades
}

/** Share of the finite elements that lie in some bins, 0 to 1; NaN where none is finite. */
export function shareIn(histogram: StepHistogram, { low, high }: BinRange): number {
  let sum = 0
  for (let bin = low; bin <= high; bin++) sum += histogram.counts[bin]
  return sum / countFinite(histogram)
}

/** The bins of what is below zero, */
export const negativeBins: BinRange = { low: 0, high: HISTOGRAM_ZERO - 1 }
/** of what is exactly zero, */
export const zeroBin: BinRange = { low: HISTOGRAM_ZERO, high: HISTOGRAM_ZERO }
/** and of what is above. */
export const positiveBins: BinRange = { low: FIRST_POSITIVE, high: HISTOGRAM_NOT_FINITE - 1 }

/** The magnitude that half of the elements which are neither zero nor beyond numbers do not reach; NaN where there is none. */
export function medianMagnitude({ counts }: StepHistogram): number {
  const ofBin = (at: number): number => counts[HISTOGRAM_ZERO - 1 - at] + counts[FIRST_POSITIVE + at]
  let total = 0
  for (let at = 0; at < HISTOGRAM_BINS; at++) total += ofBin(at)
  let below = 0
  for (let at = 0; at < HISTOGRAM_BINS && total > 0; at++) {
    const here = ofBin(at)
    if (below + here >= total / 2)
      return 10 ** (HISTOGRAM_START + (at + (total / 2 - below) / here) / BINS_PER_DECADE)
    below += here
  }
  return NaN
}
