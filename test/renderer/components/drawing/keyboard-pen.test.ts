import { expect, test } from 'vitest'
import { pressPenKey, type KeyboardPen } from '../../../../src-renderer/components/drawing/keyboard-pen'

const grid = { rows: 4, columns: 4, radius: 0.1 }
const press = (keys: string[], from: KeyboardPen = { row: 1, column: 1 }): KeyboardPen =>
  keys.reduce((pen, key) => pressPenKey(pen, key, grid) ?? pen, from)

test('the arrows move the pen and stop at the edges', () => {
  expect(press(['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowRight'])).toEqual({ row: 0, column: 2 })
})

test('a pen that was set down draws through the middle of each cell it passes', () => {
  expect(press([' ', 'ArrowRight', 'ArrowDown'])).toEqual({
    row: 2,
    column: 2,
    stroke: [
      { x: 0.375, y: 0.375, radius: 0.1 },
      { x: 0.625, y: 0.375, radius: 0.1 },
      { x: 0.625, y: 0.625, radius: 0.1 }
    ]
  })
})

test('a pen that is pushed against the edge draws nothing twice', () => {
  expect(press([' ', 'ArrowUp', 'ArrowUp', 'ArrowUp']).stroke).toHaveLength(2)
})

test('the space bar lifts the pen where it is, and other keys are left alone', () => {
  const keys = [' ', 'ArrowRight', ' ']
  expect([press(keys), pressPenKey({ row: 0, column: 0 }, 'a', grid)]).toEqual([
    { row: 1, column: 2 },
    undefined
  ])
})
