import {
  HISTOGRAM_SIZE,
  histogramSets,
  measuredHistogram,
  measuredLayer,
  type HistogramSet,
  type MeasureBatch,
  type MeasuredColumn
} from '#contract/measures'
import { shortest } from './json-line'

/** One layer as it was measured; what it does not have is absent. */
export type MeasuredLine = Partial<Record<MeasuredColumn, number>> & {
  /** Counts of each bin, as `contract/measures` tells them. */
  histograms?: Record<HistogramSet, number[]>
}

/** What was measured at one step, as the command line tells it. */
export interface MeasureLine {
  step: number
  layers: Record<string, MeasuredLine>
}

/** The measurements of a batch of rows; `layers` names the measured layers in the order of a row. */
export function measureLines(
  { count, width, values }: MeasureBatch,
  layers: readonly string[]
): MeasureLine[] {
  return Array.from({ length: count }, (_, index) => {
    const row = values.subarray(index * width, (index + 1) * width)
    return {
      step: row[0],
      layers: Object.fromEntries(layers.map((name, layer) => [name, layerLine(row, layers.length, layer)]))
    }
  })
}

function layerLine(row: Float32Array, layers: number, layer: number): MeasuredLine {
  const numbers = Object.entries(measuredLayer(row, layers, layer)).filter(
    ([, value]) => !Number.isNaN(value)
  )
  const histogram = (set: HistogramSet): number[] =>
    Array.from(measuredHistogram(row, layers, layer, set) ?? new Float32Array(HISTOGRAM_SIZE))
  return {
    ...Object.fromEntries(numbers.map(([column, value]) => [column, shortest(value)])),
    ...(measuredHistogram(row, layers, layer, 'outputs') && {
      histograms: Object.fromEntries(histogramSets.map((set) => [set, histogram(set)])) as Record<
        HistogramSet,
        number[]
      >
    })
  }
}
