import { expect, test } from 'vitest'
import {
  layOutActivation,
  paintActivation,
  rangeOf
} from '../../../../src-renderer/components/drawing/activation-map'

/** Red, green and blue of each pixel, and its opacity. */
const pixelsOf = ({ data }: ImageData): number[][] =>
  Array.from({ length: data.length / 4 }, (_, pixel) => [...data.subarray(pixel * 4, pixel * 4 + 4)])

test('a convolution is laid out as tiles of its maps with a pixel between them', () => {
  expect(layOutActivation([26, 26, 32])).toEqual({
    maps: 32,
    tiles: 32,
    tileWidth: 26,
    tileHeight: 26,
    across: 32,
    down: 26 * 32,
    gap: 1,
    columns: 8,
    width: 8 * 27 - 1,
    height: 4 * 27 - 1
  })
})

test('of many maps the first 64 are shown', () => {
  const { maps, tiles } = layOutActivation([5, 5, 512])
  expect([maps, tiles]).toEqual([512, 64])
})

test('a dense layer is a strip that is wrapped', () => {
  const sizes = [10, 128, 5408].map((units) => layOutActivation([units]))
  expect(sizes.map(({ width, height }) => [width, height])).toEqual([
    [10, 1],
    [64, 2],
    [240, 23]
  ])
})

test('each map is read with the channels last: black is zero, white the largest, orange the most negative', () => {
  // Two maps of 1 × 2: [0, 2] and [-2, 1].
  const values = Float32Array.of(0, -2, 2, 1)
  expect(pixelsOf(paintActivation(values, layOutActivation([1, 2, 2]), rangeOf(values)))).toEqual([
    [0, 0, 0, 255],
    [255, 255, 255, 255],
    [0, 0, 0, 0],
    [255, 150, 60, 255],
    [128, 128, 128, 255]
  ])
})

test('a value that is no number has a colour of its own and does not hide the others', () => {
  const values = Float32Array.of(NaN, 1, 0, 0)
  const range = rangeOf(values)
  expect(range).toEqual({ low: 0, high: 1, zero: 0.5 })
  expect(pixelsOf(paintActivation(values, layOutActivation([4]), range)).slice(0, 2)).toEqual([
    [230, 40, 200, 255],
    [255, 255, 255, 255]
  ])
})

test('the steps of a series run from left to right, its units from top to bottom', () => {
  // Three steps of two units.
  const values = Float32Array.of(0, 2, 1, 0, 2, 2)
  const layout = layOutActivation([3, 2])
  const image = paintActivation(values, layout, rangeOf(values))
  const reds = pixelsOf(image).map(([red]) => red)
  expect([image.width, image.height, reds]).toEqual([3, 2, [0, 128, 255, 255, 0, 255]])
})
