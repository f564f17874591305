import { expect, test } from 'vitest'
import { pressKey } from '../../../src-renderer/charts/keys'
import { ChartRange } from '../../../src-renderer/state/range.svelte'

function press(range: ChartRange, ...keys: string[]): void {
  for (const key of keys) {
    const plain = key.replace('Shift+', '')
    pressKey(
      range,
      { key: plain, shiftKey: plain !== key, altKey: false, ctrlKey: false, metaKey: false },
      100
    )
  }
}
const range = (): ChartRange => new ChartRange(() => ({ newest: 1000, end: 1000 }))

test('arrows read by what one pixel shows and take the range along at its edge', () => {
  const view = range()
  press(view, 'ArrowLeft')
  const coarse = view.step
  view.show({ from: 100, to: 200 })
  view.hover(101)
  press(view, 'ArrowLeft', 'ArrowLeft', 'ArrowLeft')
  expect([coarse, view.step, view.shown]).toEqual([990, 98, { from: 98, to: 198 }])
})

test('Shift and arrows move the range, End follows again, 0 shows everything', () => {
  const view = range()
  view.show({ from: 100, to: 200 })
  press(view, 'Shift+ArrowRight')
  const moved = view.shown
  press(view, 'End')
  const end = [view.shown, view.following]
  press(view, '0')
  expect([moved, end, view.shown]).toEqual([
    { from: 105, to: 205 },
    [{ from: 900, to: 1000 }, true],
    { from: 0, to: 1000 }
  ])
})

test('a key with Ctrl is left to others', () => {
  const event = { key: '0', shiftKey: false, altKey: false, ctrlKey: true, metaKey: false }
  expect(pressKey(range(), event, 100)).toBe(false)
})
