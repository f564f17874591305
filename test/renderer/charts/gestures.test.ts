import { beforeEach, describe, expect, test } from 'vitest'
import { gestures, type Box } from '../../../src-renderer/charts/gestures'
import { ChartRange } from '../../../src-renderer/state/range.svelte'

/** A plot of 100 pixels from pixel 40, of a run of 1,000 steps. */
let view: ChartRange
let element: HTMLElement
let boxes: (Box | undefined)[]

beforeEach(() => {
  view = new ChartRange(() => ({ newest: 1000, end: 1000 }))
  element = document.createElement('div')
  element.setPointerCapture = () => {}
  boxes = []
  const area = { left: 40, right: 140, top: 0, bottom: 50 }
  gestures(
    () => view,
    () => area,
    (box) => boxes.push(box)
  )(element)
})

function send(type: string, clientX: number, more: PointerEventInit = {}): void {
  element.dispatchEvent(new PointerEvent(type, { clientX, bubbles: true, ...more }))
}

function drag(from: number, to: number, more: PointerEventInit = {}): void {
  send('pointerdown', from, more)
  send('pointermove', to, more)
  send('pointerup', to, more)
}

describe('a hand on a chart', () => {
  test('reads the step under the pointer until it leaves', () => {
    send('pointermove', 90)
    const read = view.step
    send('pointerleave', 200)
    expect([read, view.step]).toEqual([500, undefined])
  })

  test('zooms to the steps of a box, in either direction and not beyond the plot', () => {
    drag(90, 65)
    const shown = view.shown
    view.reset()
    drag(90, 500)
    expect([shown, view.shown, view.following, boxes[0], boxes.at(-1)]).toEqual([
      { from: 250, to: 500 },
      { from: 500, to: 1000 },
      false,
      { left: 65, width: 25 },
      undefined
    ])
  })

  test('moves the range with Shift or the middle button, and only when there is more to see', () => {
    drag(90, 80, { shiftKey: true })
    const whole = view.zoomed
    view.show({ from: 400, to: 500 })
    drag(90, 80, { shiftKey: true })
    drag(90, 80, { button: 1 })
    expect([whole, view.shown]).toEqual([false, { from: 420, to: 520 }])
  })

  test('pins the step that is clicked, and lets it go at the second click', () => {
    drag(65, 66)
    send('pointerleave', 200)
    const pinned = view.step
    drag(66, 66)
    send('pointerleave', 200)
    expect([pinned, view.step]).toEqual([260, undefined])
  })

  test('zooms around the pointer with Alt and the wheel, and leaves the wheel alone without Alt', () => {
    // happy-dom's wheel events know nothing of keys.
    const turn = (altKey: boolean): boolean =>
      element.dispatchEvent(
        Object.assign(new MouseEvent('wheel', { clientX: 90, altKey, cancelable: true }), {
          deltaY: -360,
          deltaMode: 0
        })
      )
    const left = turn(false)
    const before = view.zoomed
    const taken = !turn(true)
    expect([left, before, taken, view.shown]).toEqual([true, false, true, { from: 250, to: 750 }])
  })

  test('shows everything after a double click', () => {
    view.show({ from: 400, to: 500 })
    element.dispatchEvent(new MouseEvent('dblclick'))
    expect(view.shown).toEqual({ from: 0, to: 1000 })
  })
})
