import type { Viewport } from './viewport'

const ZOOM = 1.5

/**
 * What a key does on a chart of this width in CSS pixels; answers false for a key that means nothing here. Arrows
 * move the step that is read by what one pixel shows, with Shift they move the whole range.
 */
export function pressKey(
  view: Viewport,
  {
    key,
    shiftKey,
    altKey,
    ctrlKey,
    metaKey
  }: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>,
  width: number
): boolean {
  if (altKey || ctrlKey || metaKey) return false
  const { from, to } = view.shown
  const pixel = Math.max(1, Math.round((to - from) / Math.max(width, 1)))
  const page = Math.max(1, Math.round((to - from) / 20))
  const centre = view.step !== undefined && view.step >= from && view.step <= to ? view.step : undefined
  const read = (wanted: number): void => {
    const step = Math.min(Math.max(Math.round(wanted), 1), view.bounds.to)
    view.reveal(step)
    view.hover(step)
  }
  const moves: Record<string, () => void> = {
    ArrowLeft: () => (shiftKey ? view.pan(-page) : read((view.step ?? to) - pixel)),
    ArrowRight: () => (shiftKey ? view.pan(page) : read((view.step ?? to) + pixel)),
    PageDown: () => read((view.step ?? to) - page),
    PageUp: () => read((view.step ?? to) + page),
    Home: () => read(view.bounds.from),
    End: () => {
      view.hover(undefined)
      view.pin(undefined)
      view.follow()
    },
    '+': () => view.zoom(1 / ZOOM, centre),
    '=': () => view.zoom(1 / ZOOM, centre),
    '-': () => view.zoom(ZOOM, centre),
    '0': () => view.reset(),
    Enter: () => view.pin(view.step),
    Escape: () => {
      view.hover(undefined)
      view.pin(undefined)
    }
  }
  const move = moves[key]
  move?.()
  return move !== undefined
}
