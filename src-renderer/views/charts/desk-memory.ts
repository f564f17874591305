import type { Quantity } from '../../charts/quantity'
import type { RangeMemory } from '../../state/range.svelte'

/** The charts of layers, one at a time below the loss. */
export const layerViews = ['gradients', 'ratio', 'rate', 'map', 'strip', 'layers'] as const
export type LayerView = (typeof layerViews)[number]

/** How charts were left. */
export interface DeskMemory {
  view: LayerView
  quantity: Quantity
  smoothing: number
  afterChain: boolean
  withoutTotal: boolean
  /** Names of layers whose lines are left out. */
  left: string[]
  /** The run that was on display, and which of its steps. */
  run?: { id: string; range: RangeMemory }
}

/** Keeps texts by name for as long as the page's tab is open, through a reload; a session's storage is one. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem'>

const NAME = 'steadygrad.charts'

/** How charts were left before the page was loaded anew; as they are at first when they were not. */
export function recallDesk(storage: TabStorage): DeskMemory {
  const kept = JSON.parse(storage.getItem(NAME) ?? '{}') as Partial<DeskMemory>
  return {
    smoothing: 0,
    afterChain: false,
    withoutTotal: false,
    left: [],
    ...kept,
    // What an older page has kept may have another name by now.
    view: layerViews.find((view) => view === kept.view) ?? 'gradients',
    quantity: kept.quantity === 'ratio' ? 'ratio' : 'gradient'
  }
}

/** Keeps how charts are now. */
export function keepDesk(storage: TabStorage, memory: DeskMemory): void {
  storage.setItem(NAME, JSON.stringify(memory))
}
