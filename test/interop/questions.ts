import { randomFrom, normalFrom } from '#contract/random'
import { layer as layerSchema, loss as lossSchema, type Layer, type Loss } from '#contract/vocabulary'
import { buildModel, type Model } from '../../src-main/models/build'
import type { LayerRow, LossRow } from './rows'

/** A tensor as plain values. */
export interface Numbers {
  shape: number[]
  values: number[]
}

/** What both sides answer; tensors inside a layer are named by role. */
export type Question =
  | {
      kind: 'layer'
      layer: Layer
      input: Numbers
      parameters: Record<string, Numbers>
      state: Record<string, Numbers>
      cotangent: Numbers
    }
  | { kind: 'noise'; layer: Layer; shape: number[] }
  | { kind: 'first'; layer: Layer; shape: number[] }
  | {
      kind: 'loss'
      loss: Loss
      outputs: Numbers
      targets: Numbers
      areClasses: boolean
      weights?: Numbers
    }

/** Every layer is alone in its model, under this name. */
export const NAME = 'layer'

export const modelOf = (layer: Layer, inputShape: number[]): Model =>
  buildModel([{ ...layer, name: NAME }], inputShape)

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1)
const fill = (shape: readonly number[], next: () => number): Numbers => ({
  shape: [...shape],
  values: Array.from(Float32Array.from({ length: sizeOf(shape) }, next))
})

/** Values, gradients and kept state of a layer, for random tensors that depend on nothing but the row. */
export function askLayer(row: LayerRow): Question {
  const layer = layerSchema.parse(row.layer)
  const model = modelOf(layer, row.input.slice(1))
  const uniform = randomFrom(JSON.stringify(row))
  const normal = normalFrom(uniform)
  const { codes } = row
  const named = (
    tensors: readonly { name: string; shape: readonly number[] }[],
    next: () => number
  ): Record<string, Numbers> =>
    Object.fromEntries(tensors.map(({ name, shape }) => [name.slice(NAME.length + 1), fill(shape, next)]))
  return {
    kind: 'layer',
    layer,
    input: fill(row.input, codes === undefined ? normal : () => Math.floor(codes * uniform())),
    parameters: named(model.parameters, normal),
    // What is kept may be a variance.
    state: named(model.state, () => 0.5 + uniform()),
    cotangent: fill([row.input[0], ...model.outputShape], normal)
  }
}

export const askNoise = ({ layer, input }: LayerRow): Question => ({
  kind: 'noise',
  layer: layerSchema.parse(layer),
  shape: input
})

/** The first values of a layer's tensors. */
export const askFirst = ({ layer, input }: LayerRow): Question => ({
  kind: 'first',
  layer: layerSchema.parse(layer),
  shape: input.slice(1)
})

const SAMPLES = 6

/** Value and gradient of a loss. */
export function askLoss(row: LossRow): Question {
  const uniform = randomFrom(JSON.stringify(row))
  const normal = normalFrom(uniform)
  const shape = [SAMPLES, row.size]
  const tensors = {
    numbers: () => fill(shape, () => 2 * normal()),
    shares: () => toShares(fill(shape, uniform)),
    classes: () => fill([SAMPLES], () => Math.floor(Math.max(row.size, 2) * uniform()))
  }
  return {
    kind: 'loss',
    loss: lossSchema.parse(row.loss),
    outputs: tensors[row.outputs](),
    targets: tensors[row.targets](),
    areClasses: row.targets === 'classes',
    ...(row.weights && { weights: fill([SAMPLES], uniform) })
  }
}

/** Each row divided by its sum. */
function toShares({ shape, values }: Numbers): Numbers {
  const size = shape[1]
  const sums = values.map((_, index) => {
    const first = index - (index % size)
    return values.slice(first, first + size).reduce((sum, value) => sum + value, 0)
  })
  return { shape, values: Array.from(Float32Array.from(values, (value, index) => value / sums[index])) }
}
