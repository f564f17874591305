/** The place that an item takes when it is dropped at a height, among the middles of all items from top to bottom. */
export const placeAt = (middles: readonly number[], from: number, y: number): number =>
  middles.filter((middle, index) => index !== from && middle < y).length

/** An item of a list that is drawn to another place with the pointer. */
export class Dragging {
  readonly #move: (from: number, to: number) => void
  #from = $state<number>()
  #to = $state<number>()

  constructor(move: (from: number, to: number) => void) {
    this.#move = move
  }

  /** Where a line shows that the item would be dropped, seen from an item; undefined elsewhere. */
  edgeOf(index: number): 'before' | 'after' | undefined {
    const from = this.#from
    const to = this.#to
    if (from === undefined || to === undefined || from === to || index !== to) return undefined
    return to < from ? 'before' : 'after'
  }

  isDragged = (index: number): boolean => this.#from === index

  /** Follows the pointer from a handle in an item of a list; items are those that have `data-item`. */
  start = (event: PointerEvent, from: number): void => {
    const handle = event.currentTarget as HTMLElement
    const list = handle.closest('ol')
    if (event.button !== 0 || !list) return
    event.preventDefault()
    handle.setPointerCapture(event.pointerId)
    this.#from = from
    this.#to = from
    const middles = (): number[] =>
      Array.from(list.querySelectorAll(':scope > [data-item]'), (item) => {
        const { top, height } = item.getBoundingClientRect()
        return top + height / 2
      })
    const listeners = new AbortController()
    const { signal } = listeners
    const end = (): void => {
      listeners.abort()
      this.#from = undefined
      this.#to = undefined
    }
    const follow = ({ clientY }: PointerEvent): void => {
      this.#to = placeAt(middles(), from, clientY)
    }
    const drop = (): void => {
      const to = this.#to
      end()
      if (to !== undefined && to !== from) this.#move(from, to)
    }
    handle.addEventListener('pointermove', follow, { signal })
    handle.addEventListener('pointerup', drop, { signal })
    handle.addEventListener('pointercancel', end, { signal })
    window.addEventListener('keydown', ({ key }) => key === 'Escape' && end(), { signal })
  }
}
