/** The place that an item takes when it is dropped at a height, among the middles of all items from top to bottom. */
export const placeAt = (middles: readonly number[], from: number, y: number): number =>
  middles.filter((middle, index) => index !== from && middle < y).length

/** Nearer to an edge of the list's window than this, in CSS pixels, the list moves on; and so far with each frame at most. */
const EDGE = 40
const FASTEST = 14

/** How far a list moves in a frame while the pointer is at a height, in CSS pixels: the nearer to an edge, the faster. */
export function scrollSpeed(y: number, top: number, bottom: number): number {
  const beyond = y < top + EDGE ? y - top - EDGE : y > bottom - EDGE ? y - bottom + EDGE : 0
  return Math.max(-1, Math.min(1, beyond / EDGE)) * FASTEST
}

/** The part of the page around an element that scrolls; the page itself where none does. */
function scrollerOf(element: Element): Element {
  for (let at = element.parentElement; at; at = at.parentElement)
    if (at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at
  return document.documentElement
}

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
    const scroller = scrollerOf(list)
    let height = event.clientY
    let frame = requestAnimationFrame(function scroll() {
      const { top, bottom } = scroller.getBoundingClientRect()
      scroller.scrollTop += scrollSpeed(height, Math.max(top, 0), Math.min(bottom, innerHeight))
      frame = requestAnimationFrame(scroll)
    })
    const end = (): void => {
      cancelAnimationFrame(frame)
      listeners.abort()
      this.#from = undefined
      this.#to = undefined
    }
    const follow = ({ clientY }: PointerEvent): void => {
      height = clientY
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
