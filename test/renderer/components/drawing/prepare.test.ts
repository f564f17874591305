import { describe, expect, test } from 'vitest'
import { prepareDrawing } from '../../../../src-renderer/components/drawing/prepare'
import {
  blankRaster,
  paintPicture,
  paintStroke,
  type Raster,
  type Stroke
} from '../../../../src-renderer/components/drawing/raster'

const draw = (...strokes: Stroke[]): Raster => {
  const raster = blankRaster(280, 280)
  for (const stroke of strokes) paintStroke(raster, stroke)
  return raster
}
const point = (x: number, y: number, radius = 0.04) => ({ x, y, radius })

/** First and last row and column with ink, and the centre of mass. */
function measure(sample: Float32Array, width = 28): Record<string, number> {
  let [left, right, top, bottom, mass, x, y] = [width, -1, width, -1, 0, 0, 0]
  sample.forEach((value, index) => {
    if (value === 0) return
    const [column, row] = [index % width, Math.floor(index / width)]
    left = Math.min(left, column)
    right = Math.max(right, column)
    top = Math.min(top, row)
    bottom = Math.max(bottom, row)
    mass += value
    x += value * column
    y += value * row
  })
  return { wide: right - left + 1, tall: bottom - top + 1, x: x / mass, y: y / mass }
}
const prepared = (raster: Raster): Float32Array => prepareDrawing(raster, 28, 28) as Float32Array

describe('a drawing for 28 × 28', () => {
  test('is nothing when nothing is drawn', () => {
    expect(prepareDrawing(blankRaster(280, 280), 28, 28)).toBe(undefined)
  })

  test('of a dot fills the box of 20 × 20, whatever its size', () => {
    const { wide, tall } = measure(prepared(draw([point(0.8, 0.2, 0.005)])))
    expect([wide, tall]).toEqual([20, 20])
  })

  test('of an upright line is 20 tall and keeps its ratio', () => {
    // 0.8 long and 0.08 wide, ends included 0.88: the width is a little less than 2 of 20.
    const { wide, tall } = measure(prepared(draw([point(0.5, 0.1), point(0.5, 0.9)])))
    expect([wide, tall]).toEqual([2, 20])
  })

  test('of a flat line is 20 wide', () => {
    const { wide, tall } = measure(prepared(draw([point(0.1, 0.3), point(0.9, 0.3)])))
    expect([wide, tall]).toEqual([20, 2])
  })

  test.each([
    ['in the upper left corner', 0.15, 0.15],
    ['in the lower right corner', 0.75, 0.75]
  ])('that lies %s ends with its centre of mass on pixel 14, give or take half a pixel', (_, x, y) => {
    const seven: Stroke = [point(x - 0.1, y - 0.1), point(x + 0.1, y - 0.1), point(x, y + 0.15)]
    const sample = measure(prepared(draw(seven)))
    expect(Math.abs(sample.x - 14)).toBeLessThanOrEqual(0.5)
    expect(Math.abs(sample.y - 14)).toBeLessThanOrEqual(0.5)
  })

  test('does not depend on where on the sheet it was drawn', () => {
    // By whole pixels, since the edges of a stroke are smoothed on the pixels of the sheet.
    const hook = (dx: number, dy: number): Stroke =>
      [point(0.2, 0.2), point(0.4, 0.25), point(0.3, 0.45)].map((at) => ({
        ...at,
        x: at.x + dx,
        y: at.y + dy
      }))
    const [first, moved] = [prepared(draw(hook(0, 0))), prepared(draw(hook(0.25, 0.5)))]
    expect(Math.max(...first.map((value, index) => Math.abs(value - moved[index])))).toBeLessThan(2)
  })

  test('has values from 0 to 255, and grey ones at its edges', () => {
    const sample = prepared(draw([point(0.2, 0.3), point(0.8, 0.7)]))
    const grey = sample.filter((value) => value > 0 && value < 250).length
    expect([
      sample.length,
      Math.min(...sample),
      Math.max(...sample) > 250,
      Math.max(...sample) <= 255
    ]).toEqual([784, 0, true, true])
    expect(grey).toBeGreaterThan(10)
  })

  test('that is an MNIST picture already stays what it was', () => {
    const picture = blankRaster(28, 28)
    for (let y = 4; y < 24; y++) for (let x = 12; x < 17; x++) picture.values[y * 28 + x] = 10 * y
    const sheet = blankRaster(280, 280)
    paintPicture(sheet, picture)
    const before = Float32Array.from(picture.values)
    const moved = measure(prepared(sheet)).y - measure(before).y
    // Its centre of mass is not on the middle: only the place may differ, by whole pixels.
    expect(moved).toBeCloseTo(Math.round(moved), 6)
    expect(prepared(sheet).toSorted()).toEqual(before.toSorted())
  })
})

describe('a drawing for another size', () => {
  test('is the whole sheet, scaled, with its place kept', () => {
    const raster = blankRaster(80, 40)
    for (let y = 0; y < 10; y++) raster.values.fill(255, y * 80 + 60, y * 80 + 80)
    expect(prepareDrawing(raster, 2, 4)).toEqual(Float32Array.of(0, 0, 0, 127.5, 0, 0, 0, 0))
  })

  test('is nothing when nothing is drawn', () => {
    expect(prepareDrawing(blankRaster(80, 80), 8, 8)).toBe(undefined)
  })
})

test('a stroke that crosses itself is nowhere more than full ink, and pressure makes it wider', () => {
  const cross = draw([point(0.2, 0.2), point(0.8, 0.8)], [point(0.8, 0.2), point(0.2, 0.8)])
  const inkOf = (raster: Raster): number => raster.values.reduce((sum, value) => sum + value, 0)
  const thin = inkOf(draw([point(0.2, 0.5, 0.02), point(0.8, 0.5, 0.02)]))
  const thick = inkOf(draw([point(0.2, 0.5, 0.06), point(0.8, 0.5, 0.06)]))
  expect([Math.max(...cross.values), thick > 2.5 * thin]).toEqual([255, true])
})
