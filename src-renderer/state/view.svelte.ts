import { untrack } from 'svelte'
import { namedIn, withNamed } from './address'

/** The views of the window, in the order of their tabs. */
export const views = ['train', 'experiment', 'data', 'test', 'runs', 'learn', 'settings'] as const
export type View = (typeof views)[number]

/** What may lie over a view; one at a time. */
export type Sheet = 'palette' | 'shortcuts' | 'starting' | 'files'

/** What the charts on display do on a single letter. */
export interface ChartActs {
  logarithm?(): void
  follow?(): void
  reset?(): void
}

/** The part of the page's address that names the view and the run on display. */
export interface AddressBar {
  readonly hash: string
  /** Puts another fragment into the address: as a new entry of the history, or in the place of the last. */
  write(hash: string, entry: 'new' | 'same'): void
}

/** Which view is shown. The address keeps it, so that a reload and the browser's way back find it. */
export class Place {
  readonly #address: AddressBar
  #view = $state<View>('train')
  /** What lies over the view now. */
  sheet = $state<Sheet>()
  #charts = $state.raw<ChartActs>({})

  constructor(address: AddressBar) {
    this.#address = address
    this.#view = this.#read()
  }

  get view(): View {
    return this.#view
  }

  /** The run that the address names. */
  get run(): string | undefined {
    return namedIn(this.#address.hash, 'run')
  }

  go = (view: View): void => {
    if (view === this.#view) return
    this.#view = view
    this.#address.write(withNamed(this.#address.hash, 'view', view === 'train' ? undefined : view), 'new')
  }

  /** What the charts on display can do; nothing while there are none. */
  get charts(): ChartActs {
    return this.#charts
  }

  /** Charts say what they can do as long as they are on display; answers with the way to take it back. */
  offer(acts: ChartActs): () => void {
    this.#charts = { ...untrack(() => this.#charts), ...acts }
    return () => {
      const left = Object.entries(this.#charts).filter(([name]) => !(name in acts))
      this.#charts = Object.fromEntries(left)
    }
  }

  /** Notes the run on display. */
  keep(run: string | undefined): void {
    if (run !== this.run) this.#address.write(withNamed(this.#address.hash, 'run', run), 'same')
  }

  /** Follows the address after the browser went back or forth. */
  follow = (): void => {
    this.#view = this.#read()
  }

  #read(): View {
    const named = namedIn(this.#address.hash, 'view')
    return views.find((view) => view === named) ?? 'train'
  }
}
