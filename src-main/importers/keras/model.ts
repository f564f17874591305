import { Failure } from '#contract/failure'
import { isFields, isName } from '../files'
import type { Fields, ModelFile } from '../importer'
import { show } from './options'

/** One layer as a model file describes it. */
export interface KerasLayer {
  name: string
  className: string
  /** Where its class comes from; empty in older files. */
  module: string
  config: Fields
  /** Names of the layers that feed it, for each time it is used; empty in a sequential model. */
  calls: string[][]
  /** Its position among the layers of its class, in the order of the file. */
  place: number
  /** Shape of what it was built for, with the batch in front. */
  builtFor: unknown
}

/** A model as its file describes it. */
export interface KerasModel {
  isSequential: boolean
  /** Every layer, in the order of the file; inputs are layers of the class `InputLayer`. */
  layers: KerasLayer[]
  /** Names of the layers that give the outputs; empty in a sequential model. */
  outputs: string[]
  /** Shape of one sample, null where a length is open; undefined where the file does not say. */
  inputShape: (number | null)[] | undefined
}

/** A longer list is not a description of layers. */
const MOST_LAYERS = 2000
/** Versions of Keras whose files are understood, and the first part of theirs. */
const KNOWN_VERSION = /(?:^|\D)[23]\.\d/
const SEQUENTIAL = 'Sequential'
const FUNCTIONAL = ['Functional', 'Model']

/** The layers of a model file. @throws Failure `import.kerasVersion`, `import.customModel`, `import.badPart` */
export function parseModel({ architecture, madeBy, path }: ModelFile): KerasModel {
  if (madeBy !== undefined && (!isName(madeBy) || !isKnown(madeBy)))
    throw new Failure('import.kerasVersion', { path, version: show(madeBy) })
  const { class_name: className, config } = architecture
  const isSequential = className === SEQUENTIAL
  if (!isSequential && !FUNCTIONAL.includes(String(className)))
    throw new Failure('import.customModel', { path, className: show(className) })
  const bad = (part: string): Failure => new Failure('import.badPart', { path, part })
  // Early versions wrote the layers of a sequential model where later ones write its options.
  const described = Array.isArray(config) ? config : isFields(config) ? config.layers : undefined
  if (!Array.isArray(described) || described.length > MOST_LAYERS) throw bad('config.layers')
  const counts = new Map<string, number>()
  const layers = described.map((entry: unknown, index): KerasLayer => {
    const layer = layerOf(entry)
    if (!layer) throw bad(`config.layers[${index}]`)
    const place = counts.get(layer.className) ?? 0
    counts.set(layer.className, place + 1)
    return { ...layer, place }
  })
  if (new Set(layers.map(({ name }) => name)).size < layers.length) throw bad('config.layers')
  const options = isFields(config) ? config : {}
  return {
    isSequential,
    layers,
    outputs: isSequential ? [] : namesIn(options.output_layers),
    inputShape: inputShapeOf(layers, options)
  }
}

/** TensorFlow.js names its own version behind that of Keras or instead of it; what names none is taken as it is. */
const isKnown = (madeBy: string): boolean =>
  /tfjs/i.test(madeBy) || KNOWN_VERSION.test(madeBy) || !/\d\.\d/.test(madeBy)

function layerOf(entry: unknown): Omit<KerasLayer, 'place'> | undefined {
  if (!isFields(entry) || !isName(entry.class_name) || !isFields(entry.config)) return undefined
  const name = entry.config.name ?? entry.name
  if (!isName(name)) return undefined
  const nodes = Array.isArray(entry.inbound_nodes) ? (entry.inbound_nodes as unknown[]) : []
  return {
    name,
    className: entry.class_name,
    module: entry.module === null || entry.module === undefined ? '' : show(entry.module),
    config: entry.config,
    calls: nodes.map(namesIn),
    builtFor: isFields(entry.build_config) ? entry.build_config.input_shape : undefined
  }
}

/**
 * Names of the layers whose outputs are mentioned in a value: `["dense", 0, 0]` in Keras 2,
 * `{"class_name": "__keras_tensor__", "config": {"keras_history": ["dense", 0, 0]}}` in Keras 3.
 */
export function namesIn(value: unknown, depth = 0): string[] {
  if (depth > 20) return []
  if (Array.isArray(value)) {
    const [name, node, tensor] = value as unknown[]
    const rest =
      typeof name === 'string' && typeof node === 'number' && typeof tensor === 'number'
        ? value.slice(3)
        : value
    const own = rest === value ? [] : [name as string]
    return [...own, ...rest.flatMap((each: unknown) => namesIn(each, depth + 1))]
  }
  if (!isFields(value)) return []
  if (value.class_name === '__keras_tensor__')
    return isFields(value.config) ? namesIn(value.config.keras_history, depth + 1) : []
  return Object.values(value).flatMap((each) => namesIn(each, depth + 1))
}

function inputShapeOf(layers: readonly KerasLayer[], options: Fields): KerasModel['inputShape'] {
  const first = layers.find(({ className }) => className === 'InputLayer') ?? layers.at(0)
  const config = first?.config ?? {}
  const withBatch = [
    config.batch_shape,
    config.batch_input_shape,
    options.build_input_shape,
    first?.builtFor
  ].find(Array.isArray) as unknown[] | undefined
  const shape = withBatch?.slice(1)
  const isShape = shape?.every(
    (length) => length === null || (Number.isSafeInteger(length) && Number(length) > 0)
  )
  return isShape ? (shape as (number | null)[]) : undefined
}
