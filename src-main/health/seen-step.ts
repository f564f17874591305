import { columnOf, layerColumnOf, layerColumns, StepFlag, stepColumns } from '#contract/run'

/** What a stored row says of one layer. */
export interface SeenLayer {
  /** Norm of its gradient before the chain, */
  before: number
  /** as it entered the optimizer, */
  after: number
  /** of its update, and of its weights before it. */
  update: number
  weight: number
  isNonFinite: boolean
}

/** One step as its stored row says it: exactly what detectors see, while a run goes on and ever after. */
export interface SeenStep {
  step: number
  loss: number
  accuracy: number
  epoch: number
  rate: number
  before: number
  after: number
  isRefused: boolean
  isNonFinite: boolean
  layers: readonly SeenLayer[]
}

const LAYER_NUMBERS = layerColumns.length

/** Reads a row; `layers` are counted among the trainable ones. */
export function seeStep(row: Float32Array, step: number): SeenStep {
  const count = (row.length - stepColumns.length) / LAYER_NUMBERS
  const flags = row[columnOf('flags')]
  return {
    step,
    loss: row[columnOf('loss')],
    accuracy: row[columnOf('accuracy')],
    epoch: row[columnOf('epoch')],
    rate: row[columnOf('rate')],
    before: row[columnOf('gradientBefore')],
    after: row[columnOf('gradientAfter')],
    isRefused: (flags & StepFlag.refused) !== 0,
    isNonFinite: (flags & StepFlag.nonFinite) !== 0,
    layers: Array.from({ length: count }, (_, layer) => ({
      before: row[layerColumnOf(layer, 'gradientBefore')],
      after: row[layerColumnOf(layer, 'gradientAfter')],
      update: row[layerColumnOf(layer, 'update')],
      weight: row[layerColumnOf(layer, 'weight')],
      isNonFinite: (row[layerColumnOf(layer, 'flags')] & StepFlag.nonFinite) !== 0
    }))
  }
}
