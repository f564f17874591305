import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { LayerSummary } from '#contract/model'
import {
  cardsOf,
  contentOf,
  inserted,
  moved,
  readAt,
  readContent,
  removeAt,
  withCards,
  withLayers,
  writeAt,
  type Card,
  type Content,
  type Sketch,
  type Word
} from './content'
import { findDifferences, type Difference } from './difference'
import { begin, record, redo, settle, undo, type History } from './history'
import { Identities } from './identities'
import { readLayers, writeLayers } from './layers-text'
import type { Call } from './link.svelte'
import { layerOf, ModelLook } from './model-look.svelte'
import { outputFailure } from './output-check'
import { checkSketch, type Problem } from './problem'

/** Typing is followed by a look at the shapes when it rests this long. */
const LOOK_DELAY_MS = 150
/** Typing is followed by saving when it rests this long. */
const SAVE_DELAY_MS = 500

/** What a draft needs from the page; tests give their own. */
export interface Surroundings {
  call: Call
  /** Does something after a while, unless the way to cancel it, which is the answer, is taken. */
  later(milliseconds: number, work: () => void): () => void
  /** The name of this window, by which it knows its own changes. */
  window?: string
}

/**
 * The experiment that is being edited. It may be wrong while it is typed; it is saved as it changes, every change can
 * be undone, and what is wrong with it is known with its place.
 */
export class Draft {
  readonly #around: Surroundings
  readonly #look: ModelLook
  readonly #identities = new Identities()
  #history = $state.raw<History<Content>>()
  #saveProblem = $state.raw<unknown>()
  #cancelLook = (): void => {}
  #cancelSave: (() => void) | undefined

  readonly #content = $derived(this.#history?.present)
  /** The experiment as it is typed; undefined before there is one. */
  readonly value: Sketch | undefined = $derived(this.#content?.experiment)
  readonly #checked = $derived.by(() => checkSketch(this.value))
  /** What Start would train; undefined while something in it cannot be. */
  readonly experiment: Experiment | undefined = $derived(this.#checked.experiment)
  readonly layers: readonly Word[] = $derived(this.value?.model.layers ?? [])
  /** The chain in order, with the steps that are switched off. */
  readonly cards: readonly Card[] = $derived(this.#content ? cardsOf(this.#content) : [])
  readonly canUndo = $derived((this.#history?.past.length ?? 0) > 0)
  readonly canRedo = $derived((this.#history?.future.length ?? 0) > 0)
  /** Why it cannot be trained; undefined where nothing is known to be wrong. */
  readonly problem: Problem | undefined = $derived(this.#checked.problem ?? this.#modelProblem())

  constructor(around: Surroundings) {
    this.#around = around
    this.#look = new ModelLook(around.call)
  }

  /** What is known of the data that it names, or why nothing is. */
  get data() {
    return this.#look.data
  }
  /** What is known of the whole model; undefined while some layer does not fit, or is not known yet. */
  get model() {
    const { found } = this.#look
    return found?.layers === this.layers ? found.summary : undefined
  }
  /** Says whether an answer about what was typed last is still to come. */
  get looking(): boolean {
    return this.#look.found?.layers !== this.layers
  }
  /** Why the draft could not be saved, if it could not. */
  get saveProblem(): unknown {
    return this.#saveProblem
  }

  /** Takes up the draft that was saved last; answers whether there was one. */
  async read(): Promise<boolean> {
    const content = await this.#stored()
    if (!content) return false
    this.#history = begin(content)
    void this.#look.ask(content.experiment)
    return true
  }

  /** Lets go of everything, because another library has another draft. */
  forget(): void {
    this.#cancelLook()
    this.#cancelSave?.()
    this.#cancelSave = undefined
    this.#history = undefined
    this.#look.forget()
  }

  /** Says whether what was saved last, by whatever window, is something else than what is edited here. */
  async differsFromStored(): Promise<boolean> {
    const content = await this.#stored()
    return content !== undefined && findDifferences(content, this.#content).length > 0
  }

  /** Puts what another window saved in the place of what is edited here; can be undone. */
  takeOver = async (): Promise<void> => {
    const content = await this.#stored()
    if (!content) return
    this.#put(content)
    void this.#look.ask(content.experiment)
  }

  /** Puts an experiment in the place of everything: a preset, a file that was opened, that of a run. */
  load(experiment: Experiment): void {
    const content = contentOf(experiment)
    if (this.#history) this.#put(content)
    else this.#history = begin(content)
    void this.#look.ask(content.experiment)
  }

  /** Asks again for what may have been lost with a connection, and saves what was not saved. */
  refresh = (): void => {
    this.#look.forget()
    if (!this.#content) return
    void this.#look.ask(this.#content.experiment)
    if (this.#saveProblem !== undefined) void this.save()
  }

  /** Saves at once. */
  save = async (): Promise<void> => {
    this.#cancelSave?.()
    this.#cancelSave = undefined
    try {
      const { window } = this.#around
      await this.#around.call('draft.save', { draft: this.#content, ...(window && { window }) })
      this.#saveProblem = undefined
    } catch (error) {
      this.#saveProblem = error
    }
  }

  /** The value at a path, such as `model.layers.0.units`. */
  valueAt = (path: string): unknown => this.#content && readAt(this.#content, path)

  /** Stays the same for a layer or step while it is edited and moved. */
  idOf = (item: object): number => this.#identities.of(item)

  /** Shape, parameters and cost of a layer, as far as it is known. */
  shapeOf(index: number): LayerSummary | undefined {
    const found = this.#look.found
    const before = found?.layers[index]
    return before && this.idOf(before) === this.idOf(this.layers[index]) ? found.shapes[index] : undefined
  }

  /** The same by a path such as `model.layers.2.layers.0`; undefined for a path of something else. */
  shapeAt(path: string): LayerSummary | undefined {
    if (!/^model\.layers\.\d+(\.layers\.\d+)*$/.test(path)) return undefined
    const [top, ...inside] = (path.match(/\d+/g) ?? []).map(Number)
    return inside.reduce((row, index) => row?.layers?.[index], this.shapeOf(top))
  }

  /** Changes in a row at one path are undone together, until `settle`. */
  setOption = (path: string, value: unknown): void =>
    this.#change((content) => writeAt(content, path, value), path)
  removeOption = (path: string): void => this.#change((content) => removeAt(content, path), path)
  /** Ends a row of changes that are undone together. */
  settle = (): void => {
    if (this.#history) this.#history = settle(this.#history)
  }

  addLayer = (layer: Word, at: number): void =>
    this.#change((content) => withLayers(content, inserted(this.layers, at, [layer])))
  removeLayer = (at: number): void =>
    this.#change((content) => withLayers(content, this.layers.toSpliced(at, 1)))
  /** The copy has no name, because names are given once. */
  duplicateLayer = (at: number): void => {
    const copy = Object.entries(this.layers[at]).filter(([option]) => option !== 'name')
    this.addLayer(Object.fromEntries(copy) as unknown as Word, at + 1)
  }
  moveLayer = (from: number, to: number): void =>
    this.#change((content) =>
      from === to || to < 0 || to >= this.layers.length
        ? content
        : withLayers(content, moved(this.layers, from, to))
    )

  /** Layers as JSON: all of them, or one. */
  copyLayers = (at?: number): string =>
    writeLayers(at === undefined ? this.layers : this.layers.slice(at, at + 1))
  /**
   * Puts the layers in a JSON text behind a place, or in the place of all; answers with their number.
   * @throws Failure that says what is wrong with the text
   */
  pasteLayers = (text: string, at: number | 'all'): number => {
    const layers = readLayers(text)
    this.#change((content) => withLayers(content, at === 'all' ? layers : inserted(this.layers, at, layers)))
    return layers.length
  }

  /** Adds a step in front of the optimizer, or an optimizer at the end. */
  addStep = (step: Word, at: number): void =>
    this.#changeCards((cards) => inserted(cards, at, [{ step, on: true }]))
  removeStep = (at: number): void => this.#changeCards((cards) => cards.toSpliced(at, 1))
  moveStep = (from: number, to: number): void =>
    this.#changeCards((cards) => (to < 0 || to >= cards.length ? cards : moved(cards, from, to)))
  /** Switches a step off, or on again. */
  switchStep = (at: number): void =>
    this.#changeCards((cards) => cards.with(at, { ...cards[at], on: !cards[at].on }))

  undo = (): void => this.#turn(undo)
  redo = (): void => this.#turn(redo)

  /** What this draft would train differently from another experiment. */
  difference = (other: Experiment): Difference[] => findDifferences(other, this.value)

  async #stored(): Promise<Content | undefined> {
    return readContent((await this.#around.call('draft.read', {})).draft)
  }

  #changeCards(edit: (cards: readonly Omit<Card, 'path'>[]) => readonly Omit<Card, 'path'>[]): void {
    this.#change((content) => withCards(content, edit(cardsOf(content))))
  }

  #change(edit: (content: Content) => Content, place?: string): void {
    if (!this.#content) return
    const before = this.#content
    const after = edit(before)
    if (after === before) return
    if (place !== undefined) this.#carry(before, after, place)
    this.#put(after, place)
  }

  /** What lies on the way to a place is a copy of what was there before, and remains the same item. */
  #carry(before: Content, after: Content, place: string): void {
    place.split('.').forEach((_, depth, keys) => {
      const path = keys.slice(0, depth + 1).join('.')
      this.#identities.carry(readAt(before, path), readAt(after, path))
    })
  }

  #put(content: Content, place?: string): void {
    if (this.#history) this.#turn((history) => record(history, content, place))
  }

  #turn(turn: (history: History<Content>) => History<Content>): void {
    if (!this.#history) return
    this.#history = turn(this.#history)
    this.#cancelLook()
    this.#cancelLook = this.#around.later(LOOK_DELAY_MS, () => {
      if (this.#content) void this.#look.ask(this.#content.experiment)
    })
    this.#cancelSave?.()
    this.#cancelSave = this.#around.later(SAVE_DELAY_MS, () => void this.save())
  }

  #modelProblem(): Problem | undefined {
    const { found, data } = this.#look
    if (!this.value || !found) return undefined
    const failure = found.failure ?? (found.summary && data.value && outputFailure(found.summary, data.value))
    if (!(failure instanceof Failure) || failure.key === 'wire.closed') return undefined
    const place = layerOf(failure, found.layers)
    if (place === undefined) return { failure, path: 'data.source' }
    // What was said stays at its layer, wherever that is now, until there is a new answer.
    const layer = this.layers.findIndex((each) => this.idOf(each) === this.idOf(found.layers[place]))
    return layer === -1 ? undefined : { failure, layer }
  }
}
