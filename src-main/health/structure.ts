import { walkLayers, type PlacedLayer } from '#contract/experiment'
import { rowsOf, type LayerSummary } from '#contract/model'
import type { Activation, Initializer, Layer } from '#contract/vocabulary'

/** What a diagnosis knows of a trainable layer without having seen a number. */
export interface LayerStructure {
  name: string
  use: Layer['use']
  /** What acts on its output, be it an option of its own or a layer behind it. */
  activation: Activation
  initializer?: Initializer
  recurrentInitializer?: Initializer
  biasInitializer?: Initializer
  /** Numbers that each of its units adds up; absent where that says nothing. */
  fanIn?: number
  isNormalization: boolean
  /** A normalization stands behind it: the scale of its weights does not matter to what comes out. */
  feedsNormalization: boolean
  isRecurrent: boolean
  /** Stands in the branch of a residual. */
  isInBranch: boolean
  /** The last layer with weights that are no normalization's. */
  isOutput: boolean
}

const NORMALIZATIONS: readonly Layer['use'][] = ['batchNormalization', 'layerNormalization']
const RECURRENT: readonly Layer['use'][] = ['simpleRnn', 'gru', 'lstm']
/** Layers that let through what comes in, as far as norms and signs go. */
const TRANSPARENT: readonly Layer['use'][] = [
  'flatten',
  'reshape',
  'dropout',
  'gaussianNoise',
  'maxPooling1d',
  'maxPooling2d',
  'averagePooling1d',
  'averagePooling2d',
  'globalAveragePooling1d',
  'globalAveragePooling2d',
  'globalMaxPooling1d',
  'globalMaxPooling2d'
]

/** The structure of the trainable layers, in the order of `names`. */
export function structureOf(
  layers: readonly Layer[],
  summaries: readonly LayerSummary[],
  names: readonly string[]
): LayerStructure[] {
  const placed = walkLayers(layers)
  const rows = rowsOf(summaries)
  const structures = names.map((name): LayerStructure => {
    const place = placed.find((each) => each.name === name)
    // The shortcut of a residual is trained too, and stands in no list of layers.
    if (!place) return shortcut(name)
    const { layer } = place
    const behind = layersBehind(place, placed)
    return {
      name,
      use: layer.use,
      activation: activationOf(layer, behind),
      ...('initializer' in layer && { initializer: layer.initializer }),
      ...('recurrentInitializer' in layer && { recurrentInitializer: layer.recurrentInitializer }),
      ...('biasInitializer' in layer && { biasInitializer: layer.biasInitializer }),
      ...withFanIn(
        layer,
        rows.find((row) => row.name === name)
      ),
      isNormalization: NORMALIZATIONS.includes(layer.use),
      feedsNormalization: !hasActivation(layer) && isNormalized(behind),
      isRecurrent: RECURRENT.includes(layer.use),
      isInBranch: name.includes('/'),
      isOutput: false
    }
  })
  const output = structures.findLast(({ isNormalization }) => !isNormalization)
  if (output) output.isOutput = true
  return structures
}

/** Of layers whose kernel meets all of its inputs at once. */
function withFanIn(layer: Layer, row: LayerSummary | undefined): { fanIn?: number } {
  if (!row || (layer.use !== 'dense' && layer.use !== 'conv2d' && layer.use !== 'conv1d')) return {}
  const units = row.outputShape[row.outputShape.length - 1]
  return { fanIn: row.parameters / units - (layer.useBias ? 1 : 0) }
}

const shortcut = (name: string): LayerStructure => ({
  name,
  use: 'dense',
  activation: 'linear',
  isNormalization: false,
  feedsNormalization: false,
  isRecurrent: false,
  isInBranch: true,
  isOutput: false
})

/** The layers behind one in its own stack, in order. */
function layersBehind(place: PlacedLayer<Layer>, placed: readonly PlacedLayer<Layer>[]): Layer[] {
  const stack = stackOf(place)
  const siblings = placed.filter((each) => stackOf(each) === stack)
  return siblings.slice(siblings.indexOf(place) + 1).map(({ layer }) => layer)
}
const stackOf = ({ path }: PlacedLayer<Layer>): string => path.slice(0, path.lastIndexOf('.'))

const hasActivation = (layer: Layer): boolean =>
  'activation' in layer && layer.activation !== undefined && layer.activation !== 'linear'

function isNormalized(behind: readonly Layer[]): boolean {
  const next = behind.find(({ use }) => !TRANSPARENT.includes(use))
  return next !== undefined && NORMALIZATIONS.includes(next.use)
}

/** The first activation that acts before another layer has weights. */
function activationOf(layer: Layer, behind: readonly Layer[]): Activation {
  if (layer.use === 'weightNormalization') return activationOf(layer.layer as Layer, behind)
  if ('activation' in layer && layer.activation !== undefined) return layer.activation
  for (const next of behind) {
    if (next.use === 'activation') return next.activation
    if (!TRANSPARENT.includes(next.use) && !NORMALIZATIONS.includes(next.use)) return 'linear'
  }
  return 'linear'
}
