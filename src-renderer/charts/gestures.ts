import type { Attachment } from 'svelte/attachments'
import type { PlotArea } from './picture'
import type { Viewport } from './viewport'

/** A pointer that moves less than this, in CSS pixels, clicks and does not drag. */
const CLICK_DISTANCE = 4
/** A wheel's turn of this many pixels doubles the range. */
const WHEEL_DOUBLES = 360

/** A part of the axis that is being marked, in CSS pixels from the left of the plot. */
export interface Box {
  left: number
  width: number
}

interface Grip {
  start: number
  moved: boolean
  panning: boolean
  last: number
}

/**
 * What pointer and wheel do on a chart: reading under the pointer, a box that is zoomed to, Shift or the middle
 * button that moves, Alt and the wheel that zooms, a click that pins, a double click that shows everything.
 */
export const gestures =
  (
    view: () => Viewport,
    area: () => PlotArea,
    onbox: (box: Box | undefined) => void
  ): Attachment<HTMLElement> =>
  (element) => {
    let grip: Grip | undefined

    const placeOf = (event: MouseEvent): number => event.clientX - element.getBoundingClientRect().left
    const perPixel = (): number => {
      const { from, to } = view().shown
      return (to - from) / Math.max(area().right - area().left, 1)
    }
    const stepAt = (place: number): number => view().shown.from + (place - area().left) * perPixel()
    const limited = (place: number): number => Math.min(Math.max(place, area().left), area().right)
    const readable = (place: number): number => {
      const { from, to } = view().shown
      return Math.min(Math.max(Math.round(stepAt(place)), Math.max(from, 1)), to)
    }

    function press(event: PointerEvent): void {
      if (event.button > 1) return
      // The middle button would scroll the page.
      if (event.button === 1) event.preventDefault()
      const place = placeOf(event)
      grip = { start: place, last: place, moved: false, panning: event.shiftKey || event.button === 1 }
      element.setPointerCapture(event.pointerId)
    }

    function move(event: PointerEvent): void {
      const place = placeOf(event)
      if (!grip) {
        view().hover(readable(place))
        return
      }
      grip.moved ||= Math.abs(place - grip.start) > CLICK_DISTANCE
      if (!grip.moved) return
      if (grip.panning) {
        const steps = Math.trunc((grip.last - place) * perPixel())
        if (steps === 0) return
        grip.last -= steps / perPixel()
        view().pan(steps)
        return
      }
      const [left, right] = [limited(grip.start), limited(place)].sort((a, b) => a - b)
      view().hover(readable(place))
      onbox({ left, width: right - left })
    }

    function release(event: PointerEvent): void {
      const held = grip
      drop()
      if (!held) return
      const place = placeOf(event)
      if (!held.moved) {
        if (!held.panning) view().pin(readable(place))
        return
      }
      if (held.panning) return
      const [from, to] = [stepAt(limited(held.start)), stepAt(limited(place))].sort((a, b) => a - b)
      view().show({ from, to })
    }

    function drop(): void {
      grip = undefined
      onbox(undefined)
    }

    function leave(): void {
      if (!grip) view().hover(undefined)
    }

    function turn(event: WheelEvent): void {
      // Without Alt the wheel scrolls the page.
      if (!event.altKey) return
      event.preventDefault()
      const turned = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 20 : event.deltaY
      view().zoom(2 ** (turned / WHEEL_DOUBLES), stepAt(limited(placeOf(event))))
    }

    function showAll(): void {
      // The two clicks of a double click have pinned a step and let it go again.
      view().reset()
    }

    const listeners = new AbortController()
    const { signal } = listeners
    element.addEventListener('pointerdown', press, { signal })
    element.addEventListener('pointermove', move, { signal })
    element.addEventListener('pointerup', release, { signal })
    element.addEventListener('pointercancel', drop, { signal })
    element.addEventListener('pointerleave', leave, { signal })
    element.addEventListener('dblclick', showAll, { signal })
    element.addEventListener('wheel', turn, { signal, passive: false })
    return () => listeners.abort()
  }
