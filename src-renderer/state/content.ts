import type { Experiment } from '#contract/experiment'
import { valueAt } from '#contract/live'
import {
  augmentations,
  cleanings,
  faults,
  layers,
  losses,
  optimizers,
  preparations,
  sources,
  transforms
} from '#contract/vocabulary'
import { replaceAt } from './path'

/** A word with its options, which may be anything while they are typed. */
export interface Word {
  readonly use: string
  readonly [option: string]: unknown
}

/** An experiment while it is edited: its frame stands, the values in it may be wrong. */
export interface Sketch {
  readonly data: {
    readonly source: Word
    readonly prepare?: readonly Word[]
    readonly [key: string]: unknown
  }
  readonly model: { readonly layers: readonly Word[] }
  readonly loss: Word
  readonly gradients: readonly Word[]
  readonly training: { readonly [key: string]: unknown }
  readonly [key: string]: unknown
}

/** What is edited: the experiment, and the steps of its chain that are switched off, which are no part of it. */
export interface Content {
  readonly experiment: Sketch
  /** `before`: how many steps of the chain stand in front of it. */
  readonly off: readonly { readonly before: number; readonly step: Word }[]
}

/** One step of the chain, at work or switched off. `path` is its place for `readAt` and `writeAt`. */
export interface Card {
  readonly step: Word
  readonly on: boolean
  readonly path: string
}

export const contentOf = (experiment: Experiment): Content => ({
  experiment: experiment as unknown as Sketch,
  off: []
})

const rootOf = (path: string): 'off' | 'experiment' => (path.startsWith('off.') ? 'off' : 'experiment')

/** The value at a path of the experiment, such as `model.layers.0.units`, or of a step that is off: `off.0.step.max`. */
export const readAt = (content: Content, path: string): unknown =>
  valueAt(rootOf(path) === 'off' ? content : content.experiment, path)

/** A copy with another value at such a path. */
export const writeAt = (content: Content, path: string, value: unknown): Content =>
  rootOf(path) === 'off'
    ? replaceAt(content, path, value)
    : { ...content, experiment: replaceAt(content.experiment, path, value) }

/** A copy without the key at such a path. */
export function removeAt(content: Content, path: string): Content {
  const [, parentPath, key] = /^(?:(.*)\.)?([^.]+)$/.exec(path) as unknown as [
    string,
    string | undefined,
    string
  ]
  const parent = (parentPath === undefined ? content.experiment : readAt(content, parentPath)) as object
  const rest = Object.fromEntries(Object.entries(parent).filter(([name]) => name !== key))
  return parentPath === undefined
    ? { ...content, experiment: rest as unknown as Sketch }
    : writeAt(content, parentPath, rest)
}

/** A copy with another list of layers. */
export const withLayers = (content: Content, layers: readonly Word[]): Content =>
  writeAt(content, 'model.layers', layers)

/** A list with more items from a place on. */
export const inserted = <Item>(list: readonly Item[], at: number, items: readonly Item[]): Item[] =>
  list.toSpliced(at, 0, ...items)

/** A list with one item at another place. */
export const moved = <Item>(list: readonly Item[], from: number, to: number): Item[] =>
  list.toSpliced(from, 1).toSpliced(to, 0, list[from])

/** The whole chain in order, with the steps that are switched off. */
export function cardsOf({ experiment, off }: Content): Card[] {
  const { gradients } = experiment
  const offCards = off.map(({ before, step }, index) => ({
    before: Math.min(before, gradients.length),
    card: { step, on: false, path: `off.${index}.step` }
  }))
  const offAt = (place: number): Card[] =>
    offCards.filter(({ before }) => before === place).map(({ card }) => card)
  return [
    ...gradients.flatMap((step, index) => [...offAt(index), { step, on: true, path: `gradients.${index}` }]),
    ...offAt(gradients.length)
  ]
}

/** A copy with another chain. */
export function withCards(content: Content, cards: readonly Omit<Card, 'path'>[]): Content {
  const gradients: Word[] = []
  const off: Content['off'][number][] = []
  for (const { step, on } of cards)
    if (on) gradients.push(step)
    else off.push({ before: gradients.length, step })
  return { experiment: { ...content.experiment, gradients }, off }
}

/** What was saved as a draft, if it still can be edited: all its words are known ones. */
export function readContent(saved: unknown): Content | undefined {
  if (!isObject(saved) || !isSketch(saved.experiment)) return undefined
  const off = Array.isArray(saved.off) ? saved.off : []
  const usable = off.every(
    (each: unknown) => isObject(each) && Number.isInteger(each.before) && isWord(each.step, transforms)
  )
  return { experiment: saved.experiment, off: usable ? (off as Content['off']) : [] }
}

function isSketch(value: unknown): value is Sketch {
  if (!isObject(value)) return false
  const { data, model, loss, gradients, training } = value
  return (
    isObject(data) &&
    isWord(data.source, sources) &&
    Object.entries({ clean: cleanings, prepare: preparations, augment: augmentations, faults }).every(
      ([list, words]) => data[list] === undefined || areWords(data[list], words)
    ) &&
    isObject(model) &&
    areWords(model.layers, layers) &&
    isWord(loss, losses) &&
    areWords(gradients, { ...transforms, ...optimizers }) &&
    isObject(training)
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isWord = (value: unknown, words: object): boolean =>
  isObject(value) && typeof value.use === 'string' && Object.hasOwn(words, value.use)
const areWords = (value: unknown, words: object): boolean =>
  Array.isArray(value) && value.every((each) => isWord(each, words))
