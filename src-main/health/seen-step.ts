import { measuredColumns, type MeasuredColumn } from '#contract/measures'
import { columnOf, layerColumnOf, layerColumns, StepFlag, stepColumns } from '#contract/step-rows'

/** What a stored row says of the layers: a norm for each, in the order of the columns. */
export interface SeenLayers {
  /** None where a run keeps nothing of its layers. */
  readonly count: number
  /** Norms of their gradients before the chain, */
  readonly before: Float32Array
  /** as they entered the optimizer, */
  readonly after: Float32Array
  /** of their updates, and of their weights before them. */
  readonly update: Float32Array
  readonly weight: Float32Array
}

/** What was measured of the layers on the batch of a step, with the weights before it. */
export interface SeenMeasurement {
  /** The number in a column, of the layer at this place among the measured ones; NaN for what a layer does not have. */
  at(layer: number, column: MeasuredColumn): number
}

/**
 * One step as its stored row says it: exactly what detectors see, while a run goes on and ever after. The norms of
 * the next step are written into the same arrays: what is to be remembered of them is copied.
 */
export interface SeenStep {
  readonly step: number
  readonly loss: number
  readonly rate: number
  readonly before: number
  readonly isRefused: boolean
  readonly layers: SeenLayers
  /** Only at the steps at which a run measures. */
  readonly measurement?: SeenMeasurement
}

/** Reads the row of a step, and what was measured of so many layers at it. */
export type SeeStep = (row: Float32Array, step: number, measured?: Float32Array) => SeenStep

const LAYER_NUMBERS = layerColumns.length
const [LOSS, RATE, BEFORE, FLAGS] = (['loss', 'rate', 'gradientBefore', 'flags'] as const).map(columnOf)

/** Opens the eyes for the steps of a run with so many measured layers. */
export function openEyes(measuredLayers: number): SeeStep {
  let layers = layersOf(0)
  return (row, step, measured) => {
    const count = Math.floor((row.length - stepColumns.length) / LAYER_NUMBERS)
    if (count !== layers.count) layers = layersOf(count)
    for (let layer = 0; layer < count; layer++) {
      const at = layerColumnOf(layer, 'gradientBefore')
      // In the order of `layerColumns`.
      layers.before[layer] = row[at]
      layers.after[layer] = row[at + 1]
      layers.update[layer] = row[at + 2]
      layers.weight[layer] = row[at + 3]
    }
    return {
      step,
      loss: row[LOSS],
      rate: row[RATE],
      before: row[BEFORE],
      isRefused: (row[FLAGS] & StepFlag.refused) !== 0,
      layers,
      ...(measured && { measurement: readMeasurement(measured, measuredLayers) })
    }
  }
}

const layersOf = (count: number): SeenLayers => ({
  count,
  before: new Float32Array(count),
  after: new Float32Array(count),
  update: new Float32Array(count),
  weight: new Float32Array(count)
})

/** Reads a row of the measure program: the number of the step, and behind it the numbers of each layer. */
function readMeasurement(row: Float32Array, layers: number): SeenMeasurement {
  const width = (row.length - 1) / layers
  return { at: (layer, column) => row[1 + layer * width + measuredColumns.indexOf(column)] }
}
