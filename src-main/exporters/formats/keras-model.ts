import { walkLayers } from '#contract/experiment'
import type { LayerSummary, NamedTensor } from '#contract/model'
import type { ModelArtifact } from '#contract/trainer'
import type { Layer, LayerOf } from '#contract/vocabulary'
import { outputForm } from '../outputs'
import { activationLayer, kerasLayer, type KerasLayer } from './keras-layers'
import { rescaling, rescalings } from './keras-preparation'
import { foldGain, kerasTensors, tensorsOf, type LayerTensor } from './keras-weights'

/** A layer of a model with the names of what it takes. */
export interface PlacedKerasLayer extends KerasLayer {
  inputs: string[]
}

/** What of an artifact goes into a model file. */
export type KerasArtifact = Pick<ModelArtifact, 'experiment' | 'preparation' | 'model' | 'tensors'>

/** A model in the words of Keras. */
export interface KerasModel {
  /** Name of what the first layers take. */
  input: string
  /** In the order of computation. */
  layers: PlacedKerasLayer[]
  /** Every layer takes what the one before it gives. */
  isChain: boolean
  /** Names of the layers that the experiment does not have: the preparation in front, the form of outputs behind. */
  added: string[]
  weights: NamedTensor[]
}

/**
 * The layers of an experiment, with its preparation in front, where Keras has layers for it, and the form of its outputs
 * behind.
 * @throws Failure `export.noWord` for a layer or an activation that Keras, or TensorFlow.js, does not have
 */
export function kerasModel(artifact: KerasArtifact): KerasModel {
  const { experiment, preparation, model, tensors } = artifact
  const { layers: words } = experiment.model
  const taken = new Set(walkLayers(words).map(({ name }) => kerasName(name)))
  const free = (base: string): string => {
    let name = base
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`
    taken.add(name)
    return name
  }
  const input = free('input')
  const layers: PlacedKerasLayer[] = []
  const added: string[] = []
  const weights: NamedTensor[] = []
  let end = input
  let used = 0

  const take = (name: string): LayerTensor[] => {
    const own = tensorsOf(tensors, name)
    used += own.length
    return own
  }
  const place = (layer: KerasLayer, own: readonly LayerTensor[] = [], inputs = [end]): void => {
    layers.push({ ...layer, inputs })
    weights.push(...kerasTensors(own, layer.config.name))
    end = layer.config.name
  }
  const add = (class_name: string, base: string, options: Record<string, unknown>): void => {
    const name = free(base)
    added.push(name)
    place({ class_name, config: { name, ...options } })
  }

  function placeStack(
    stack: readonly Layer[],
    rows: readonly LayerSummary[],
    start: readonly number[]
  ): void {
    stack.forEach((layer, index) => {
      const shape = index === 0 ? start : rows[index - 1].outputShape
      if (layer.use === 'residual') placeResidual(layer, rows[index], shape)
      // Keras refuses to flatten what is flat.
      else if (layer.use !== 'flatten' || shape.length > 1) placeLayer(layer, rows[index])
    })
  }

  function placeLayer(layer: Exclude<Layer, { use: 'residual' }>, { name }: LayerSummary): void {
    const own = take(name)
    const isNormal = layer.use === 'weightNormalization'
    const [main, ...behind] = kerasLayer(isNormal ? layer.layer : layer, kerasName(name), free)
    place(main, isNormal ? foldGain(own) : own)
    behind.forEach((each) => place(each))
  }

  function placeResidual(
    residual: LayerOf<'residual'>,
    { name, outputShape, layers: rows = [] }: LayerSummary,
    shape: readonly number[]
  ): void {
    const fork = end
    if (residual.shortcut === 'projection') {
      const layer = projection(free(`${kerasName(name)}_shortcut`), shape, outputShape)
      place(layer, take(`${name}/shortcut`))
    }
    const past = end
    end = fork
    placeStack(residual.layers, rows, shape)
    place({ class_name: 'Add', config: { name: kerasName(name) } }, [], [end, past])
    if (residual.activation)
      place(activationLayer(residual.activation, free(`${kerasName(name)}_activation`)))
  }

  for (const options of rescalings(preparation)) add('Rescaling', 'prepare', { ...options })
  placeStack(words, model.layers, preparation.shape)
  const { activation, targets } = outputForm(artifact)
  if (activation) add('Activation', activation, { activation })
  if (targets) add('Rescaling', 'outputs', { ...rescaling(targets.scale, targets.add) })
  // A model whose only layer flattens what is flat.
  if (layers.length === 0) add('Activation', 'identity', { activation: 'linear' })
  if (used !== tensors.length) throw new Error(`${used} of ${tensors.length} tensors were exported`)
  return { input, layers, isChain: isChain(layers, input), added, weights }
}

/** `residual_1/dense_2` as Keras allows names to be. */
const kerasName = (name: string): string => name.replaceAll('/', '_')

const isChain = (layers: readonly PlacedKerasLayer[], input: string): boolean =>
  layers.every(
    ({ inputs }, index) =>
      inputs.length === 1 && inputs[0] === (index === 0 ? input : layers[index - 1].config.name)
  )

/** The way past a branch: a dense layer, or a convolution of one place with the stride that the shapes tell. */
function projection(name: string, from: readonly number[], to: readonly number[]): KerasLayer {
  const strides = from.slice(0, -1).map((length, axis) => Math.ceil(length / to[axis]))
  const channels = to[to.length - 1]
  const options = { activation: 'linear', use_bias: false }
  if (strides.length === 0) return { class_name: 'Dense', config: { name, units: channels, ...options } }
  return {
    class_name: `Conv${strides.length}D`,
    config: {
      name,
      filters: channels,
      kernel_size: strides.map(() => 1),
      strides,
      padding: 'valid',
      dilation_rate: strides.map(() => 1),
      data_format: 'channels_last',
      ...options
    }
  }
}
