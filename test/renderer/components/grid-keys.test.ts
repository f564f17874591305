import { expect, test } from 'vitest'
import { nextInGrid } from '../../../src-renderer/components/grid-keys'

const press = (key: string, control = false): ReturnType<typeof nextInGrid> =>
  nextInGrid({ key, ctrlKey: control, metaKey: false }, { row: 0, column: 1 }, { rows: 3, columns: 4 })

test('keys move through a grid to neighbours and ends, and never out of it', () => {
  expect({
    up: press('ArrowUp'),
    down: press('ArrowDown'),
    left: press('ArrowLeft'),
    right: press('ArrowRight'),
    home: press('Home'),
    end: press('End'),
    last: press('End', true)
  }).toEqual({
    up: { row: 0, column: 1 },
    down: { row: 1, column: 1 },
    left: { row: 0, column: 0 },
    right: { row: 0, column: 2 },
    home: { row: 0, column: 0 },
    end: { row: 0, column: 3 },
    last: { row: 2, column: 3 }
  })
})

test('other keys are left to others', () => {
  expect([press('Tab'), press('a'), press('Escape')]).toEqual([undefined, undefined, undefined])
})
