import { Failure } from '#contract/failure'
import type { ForeignLayer } from '#contract/import'
import type { Message } from '#contract/messages'
import { layer as layerSchema, type Layer } from '#contract/vocabulary'
import type { Fields, ModelFile } from '../importer'
import type { Branching, Part } from './graph'
import { translators } from './layers'
import type { KerasLayer } from './model'
import { unfit } from './options'
import { readShortcut, sidesOf } from './shortcut'
import { takeTensors, type FoundTensor } from './tensors'
import type { LayerInput, Translation } from './translation'

/** Output and tensors of one layer of ours for an input of a shape. @throws Failure `model.*` */
export type Planner = (
  layer: Layer,
  inputShape: readonly number[]
) => { outputShape: number[]; tensors: { role: string; shape: number[] }[] }

/** A layer of ours with where its values come from; a residual holds links of its own. */
export interface LayerLink {
  source: KerasLayer
  layer: LayerInput
  tensors: FoundTensor[]
  inner?: LayerLink[]
}

/** A link of a chain, or a factor of raw values. */
export type Link = LayerLink | { source: KerasLayer; layer?: never; scale: number }

/** A chain in our words, as far as it could be translated. */
export interface Chain {
  links: Link[]
  /** Shape of the output of one sample; undefined behind a layer that cannot be represented. */
  outputShape: readonly number[] | undefined
}

/** What is found out on the way. */
export interface Findings {
  /** What is known of each layer of Keras, by its name. */
  about: Map<string, Pick<ForeignLayer, 'use' | 'outputShape' | 'problem'>>
  notes: Message[]
}

/**
 * Translates the layers of a chain, one behind the other, for samples of a shape. A layer without counterpart is named
 * with the reason, and those behind it are still looked at as far as the file tells what reaches them.
 * @throws Failure `import.missingWeight`, `import.wrongShape` for weights that are not what the layers need
 */
export function translateChain(
  parts: readonly Part[],
  inputShape: readonly number[] | undefined,
  file: ModelFile,
  plan: Planner,
  { about, notes }: Findings,
  isInside = false
): Chain {
  const chain: Chain = { links: [], outputShape: inputShape }
  let from = 'input'

  function takeLayer(source: KerasLayer, isAtEdge: boolean): void {
    const shape = chain.outputShape ?? shapeBuiltFor(source)
    const translate = translatorOf(source)
    if (!shape) return void about.set(source.name, {})
    const translation = translate(source.config, shape)
    notes.push(...notesOn(source, translation))
    if (translation.scale !== undefined) {
      if (!isAtEdge) throw new Failure('import.why.rescaling')
      chain.links.push({ source, scale: translation.scale })
    }
    if (!translation.layer) return settle(source, undefined, shape)
    const { layer, tensors: sources } = translation
    const { outputShape, tensors } = plan(checkedLayer(layer), shape)
    chain.links.push({ source, layer, tensors: takeTensors(source, tensors, sources, file) })
    settle(source, layer.use, outputShape)
  }

  function takeBranches(branching: Branching): void {
    const { add } = branching
    const [main, past] = sidesOf(branching)
    const shape = chain.outputShape
    const branch = translateChain(main, shape, file, plan, { about, notes }, true)
    if (!shape || !branch.outputShape) {
      chain.outputShape = undefined
      return void about.set(add.name, {})
    }
    const inner = branch.links.filter((link): link is LayerLink => link.layer !== undefined)
    const { kind, source, tensorsOf } = readShortcut(past, shape, branch.outputShape)
    const layer: LayerInput = { use: 'residual', layers: inner.map((link) => link.layer), shortcut: kind }
    const { outputShape, tensors } = plan(checkedLayer(layer), shape)
    const own = tensors.filter(({ role }) => role.startsWith('shortcut/'))
    chain.links.push({
      source: add,
      layer,
      inner,
      tensors: source ? takeTensors(source, own, tensorsOf, file) : []
    })
    if (source) about.set(source.name, { use: layer.use, outputShape })
    settle(add, layer.use, outputShape)
  }

  function settle({ name }: KerasLayer, use: Layer['use'] | undefined, outputShape: readonly number[]): void {
    about.set(name, { ...(use && { use }), outputShape: [...outputShape] })
    chain.outputShape = outputShape
    if (use) from = name
  }

  parts.forEach((part, index) => {
    const source = 'layer' in part ? part.layer : part.add
    try {
      if ('layer' in part) takeLayer(source, !isInside && isEdge(parts, index))
      else takeBranches(part)
    } catch (error) {
      about.set(source.name, { problem: problemOf(error, source, from) })
      chain.outputShape = undefined
    }
  })
  return chain
}

/** Says whether only factors of raw values stand before a part, or behind it. */
function isEdge(parts: readonly Part[], index: number): boolean {
  const isFactor = (part: Part): boolean => 'layer' in part && part.layer.className === 'Rescaling'
  return parts.slice(0, index).every(isFactor) || parts.slice(index + 1).every(isFactor)
}

/** @throws Failure `import.why.unknown`, `import.why.custom` */
function translatorOf({
  className,
  module
}: KerasLayer): (config: Fields, shape: readonly number[]) => Translation {
  if (module !== '' && !/^(keras|tf_keras|tensorflow)(\.|$)/.test(module))
    throw new Failure('import.why.custom', { module })
  const translator = translators.get(className)
  if (!translator) throw new Failure('import.why.unknown')
  return translator
}

/** Why a layer can have no counterpart, whatever it is given; undefined where that cannot be told. */
export function problemWith(layer: KerasLayer): Message | undefined {
  try {
    const translate = translatorOf(layer)
    const shape = shapeBuiltFor(layer)
    if (shape) translate(layer.config, shape)
    return undefined
  } catch (error) {
    return problemOf(error, layer, 'input')
  }
}

/** The layer with its defaults. @throws Failure `import.why.option` */
function checkedLayer(input: LayerInput): Layer {
  const checked = layerSchema.safeParse(input)
  if (checked.success) return checked.data
  const { path } = checked.error.issues[0]
  throw unfit(path.join('.'), input[String(path[0])])
}

function shapeBuiltFor({ builtFor }: KerasLayer): number[] | undefined {
  const shape = Array.isArray(builtFor) ? (builtFor as unknown[]).slice(1) : undefined
  return shape?.every((length) => typeof length === 'number') ? (shape as number[]) : undefined
}

/** What is changed or left out of a layer that is represented. */
function notesOn({ name, className, config }: KerasLayer, { note }: Translation): Message[] {
  const layer = { layer: name, className }
  const isSet = (option: string): boolean => ![null, undefined, 0].includes(config[option] as null)
  const leftOut = Object.keys(config).filter(
    (option) => /_(regularizer|constraint)$|^(recurrent_)?dropout$/.test(option) && isSet(option)
  )
  return [
    ...(note ? [{ key: note, values: layer } satisfies Message] : []),
    ...leftOut.map((option): Message => ({ key: 'import.note.leftOut', values: { ...layer, option } })),
    ...(config.trainable === false ? [{ key: 'import.note.frozen', values: layer } satisfies Message] : [])
  ]
}

/** The sentence about a layer that cannot be represented. Anything but a failure about it is passed on. */
function problemOf(error: unknown, { name: layer, className }: KerasLayer, from: string): Message {
  if (!(error instanceof Failure)) throw error
  const { key, values } = error
  if (/^import\.why\./.test(key)) return { key, values: { ...values, layer, className } }
  // Planned by itself, a layer gets everything from “input”.
  if (/^model\./.test(key)) return { key, values: { ...values, layer, from } }
  throw error
}
