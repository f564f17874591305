import type { ShippedStudy, StudyAxis } from '#contract/study'
import { answerOf, type Answer } from '../../state/answer'
import type { Session } from '../../state/session.svelte'
import { cellsOf, labelOf, type Cell } from './cells'
import { pairsOf, type Pair } from './claims'
import type { Metric } from './metrics'

/** A study that comes with the product, and its cells. */
export interface LearntStudy {
  shipped: ShippedStudy
  axes: readonly StudyAxis[]
  cells: readonly Cell[]
  /** Places of these axes; the last one where there is none of that name. */
  initializer: number
  depth: number
}

/** The axis that a study compares by comes first. */
export const ACTIVATION_PLACE = 0

/** The two studies of the lesson, by the names of their files. */
const ACTIVATIONS = 'activations'
const PAIR = 'relu-vs-sigmoid'
/** So many curves can be told apart. */
const MOST_CHOSEN = 6

/** The lesson on activations: its studies, and what of them is looked at. It outlives the view. */
export class Lesson {
  readonly #session: Session
  #answer = $state.raw<Answer<readonly LearntStudy[]>>({})
  #asking = false
  #depth = $state<string>()
  #chosen = $state.raw<readonly string[]>()
  metric = $state<Metric>('multiplier')

  /** Activation × initializer × depth. */
  readonly activations = $derived(this.#study(ACTIVATIONS))
  /** The reference network with either. */
  readonly pair = $derived(this.#study(PAIR))
  /** Sigmoid and ReLU at equal initialization and depth. */
  readonly pairs: readonly Pair[] = $derived(this.activations ? pairsIn(this.activations) : [])
  /** The cells whose curves are drawn, in the order in which they were chosen. */
  readonly chosen: readonly Cell[] = $derived.by(() => {
    const cells = this.activations?.cells ?? []
    const ids = this.#chosen ?? this.#firstChoice()
    return ids.flatMap((id) => cells.find((cell) => cell.id === id) ?? [])
  })

  constructor(session: Session) {
    this.#session = session
  }

  /** Why the studies could not be read. */
  get error(): unknown {
    return this.#answer.error
  }
  get known(): boolean {
    return this.#answer.value !== undefined
  }
  /** The depth that is looked at; undefined are all of them. */
  get depth(): string | undefined {
    return this.#depth
  }

  /** Reads the studies, once. */
  async read(): Promise<void> {
    if (this.known || this.#asking) return
    this.#asking = true
    this.#answer = await answerOf(this.#session.call('study.list', {}).then((studies) => studies.map(learn)))
    this.#asking = false
  }

  isChosen = (cell: Cell): boolean => this.chosen.some(({ id }) => id === cell.id)

  /** Draws the curve of a cell, or no longer; the one that was chosen first makes room. */
  toggle = ({ id }: Cell): void => {
    const ids = this.chosen.map((cell) => cell.id)
    this.#chosen = ids.includes(id)
      ? ids.filter((each) => each !== id)
      : [...ids.slice(ids.length < MOST_CHOSEN ? 0 : 1), id]
  }

  /** Looks at one depth, and at the same cells in it. */
  look = (depth: string | undefined): void => {
    this.#depth = depth
    const study = this.activations
    if (depth === undefined || !study) return
    const moved = this.chosen.map(({ labels }) => String(labels.with(study.depth, depth)))
    this.#chosen = study.cells.filter(({ labels }) => moved.includes(String(labels))).map(({ id }) => id)
  }

  #study(id: string): LearntStudy | undefined {
    return this.#answer.value?.find(({ shipped }) => shipped.id === id)
  }

  /** Sigmoid and ReLU with the first two initializers, in a net of middling depth. */
  #firstChoice(): string[] {
    const study = this.activations
    if (!study) return []
    const depths = study.axes[study.depth].cases
    const middle = depths[Math.floor(depths.length / 2)].label
    return this.pairs
      .filter(({ shared }) => shared.includes(middle))
      .slice(0, 2)
      .flatMap(({ sigmoid, relu }) => [sigmoid.id, relu.id])
  }
}

/**
 * A study with its cells.
 * @throws Failure `study.*` for one that cannot be expanded
 */
export function learn(shipped: ShippedStudy): LearntStudy {
  const axes = shipped.study.vary
  const placeOf = (name: string): number => {
    const found = axes.findIndex((axis) => axis.name === name)
    return found < 0 ? axes.length - 1 : found
  }
  const [initializer, depth] = [placeOf('initializer'), placeOf('depth')]
  return { shipped, axes, cells: cellsOf(shipped), initializer, depth }
}

function pairsIn({ axes, cells }: LearntStudy): Pair[] {
  const axis = axes[ACTIVATION_PLACE]
  const [sigmoid, relu] = [labelOf(axis, 'sigmoid'), labelOf(axis, 'relu')]
  return sigmoid !== undefined && relu !== undefined
    ? pairsOf(cells, ACTIVATION_PLACE, { sigmoid, relu })
    : []
}
