import { expect, test } from 'vitest'
import { placeAt, scrollSpeed } from '../../../../src-renderer/components/forms/dragging.svelte'

test.each([
  [1, 0, 0],
  [1, 25, 1],
  [1, 15, 1],
  [0, 22, 1],
  [2, 5, 0],
  [0, 99, 2]
])('item %i of three that is dropped at the height %d gets the place %i', (from, height, place) => {
  expect(placeAt([10, 20, 30], from, height)).toBe(place)
})

test.each([
  [300, 0],
  [120, -7],
  [90, -14],
  [480, 7],
  [900, 14]
])('at the height %d a list between 100 and 500 moves by %d pixels in a frame', (height, speed) => {
  expect(scrollSpeed(height, 100, 500)).toBe(speed)
})
