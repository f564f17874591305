import {
  columnOf,
  layerColumnOf,
  StepFlag,
  type LayerColumn,
  type StepBatch,
  type StepColumn
} from '#contract/step-rows'
import { shortest } from './json-line'

/** Norms of one layer at one step; `ratio` is update by weight, absent where the weights are all zero. */
export interface LayerStep {
  gradientBefore: number
  gradientAfter: number
  update: number
  weight: number
  ratio?: number
  /** A norm that reads as infinite while every element is finite. */
  overflow?: true
}

/** One step as the command line tells it. */
export interface StepLine {
  step: number
  epoch: number
  loss: number
  /** Absent where targets are numbers. */
  accuracy?: number
  /** Mean absolute error in raw units; absent where targets are classes. */
  mae?: number
  rate: number
  /** Absent without a clip in the chain. */
  threshold?: number
  gradientNorm: { before: number; after: number }
  clipped?: true
  /** The guard refused the step: nothing changed. */
  refused?: true
  layers: Record<string, LayerStep>
}

/** The steps of a batch of rows; `layers` names the trainable layers in the order of the columns. */
export function stepLines(batch: StepBatch, layers: readonly string[]): StepLine[] {
  return Array.from({ length: batch.count }, (_, index) =>
    stepLine(
      batch.first + index,
      batch.values.subarray(index * batch.width, (index + 1) * batch.width),
      layers
    )
  )
}

function stepLine(step: number, row: Float32Array, layers: readonly string[]): StepLine {
  const read = (column: StepColumn): number => shortest(row[columnOf(column)])
  const flags = row[columnOf('flags')]
  const accuracy = read('accuracy')
  const mae = read('mae')
  const threshold = read('threshold')
  return {
    step,
    epoch: read('epoch'),
    loss: read('loss'),
    ...(!Number.isNaN(accuracy) && { accuracy }),
    ...(!Number.isNaN(mae) && { mae }),
    rate: read('rate'),
    ...(!Number.isNaN(threshold) && { threshold }),
    gradientNorm: { before: read('gradientBefore'), after: read('gradientAfter') },
    ...(flags & StepFlag.clipped && { clipped: true }),
    ...(flags & StepFlag.refused && { refused: true }),
    // Telemetry may be off: then there are no columns of layers.
    layers: Object.fromEntries(
      layers.flatMap((name, layer) =>
        layerColumnOf(layer, 'flags') < row.length ? [[name, layerStep(row, layer)]] : []
      )
    )
  }
}

function layerStep(row: Float32Array, layer: number): LayerStep {
  const read = (column: LayerColumn): number => shortest(row[layerColumnOf(layer, column)])
  const [update, weight] = [read('update'), read('weight')]
  return {
    gradientBefore: read('gradientBefore'),
    gradientAfter: read('gradientAfter'),
    update,
    weight,
    ...(weight !== 0 && { ratio: update / weight }),
    ...(row[layerColumnOf(layer, 'flags')] & StepFlag.overflow && { overflow: true })
  }
}
