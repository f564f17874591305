import type { Raster } from './raster'

/** Side of an MNIST picture, of the box that its ink is scaled to, and the pixel that its centre of mass lies on. */
const MNIST_SIDE = 28
const MNIST_BOX = 20
const MNIST_CENTRE = 14

/**
 * A drawing as a sample of [height, width, 1] with values from 0 to 255; undefined when nothing is drawn. Samples of
 * 28 × 28 are made as MNIST's were (LeCun, Bottou, Bengio, Haffner, 1998, section III.A): the ink is cropped, its
 * longer side scaled to 20 with the ratio kept and the edges smoothed, and its centre of mass put on the middle of
 * the field. Samples of another size are the whole sheet, scaled.
 */
export function prepareDrawing(drawing: Raster, height: number, width: number): Float32Array | undefined {
  const box = boundsOfInk(drawing)
  if (!box) return undefined
  if (height !== MNIST_SIDE || width !== MNIST_SIDE)
    return shrink(drawing, { left: 0, top: 0, width: drawing.width, height: drawing.height }, height, width)
  const scale = MNIST_BOX / Math.max(box.width, box.height)
  const rows = Math.max(1, Math.round(box.height * scale))
  const columns = Math.max(1, Math.round(box.width * scale))
  return centre(shrink(drawing, box, rows, columns), rows, columns)
}

interface Box {
  left: number
  top: number
  width: number
  height: number
}

function boundsOfInk({ width, height, values }: Raster): Box | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (values[y * width + x] > 0) {
        left = Math.min(left, x)
        right = Math.max(right, x)
        top = Math.min(top, y)
        bottom = y
      }
  if (right === -1) return undefined
  return { left, top, width: right - left + 1, height: bottom - top + 1 }
}

/** Part of a raster in another size: each value is the mean of the area that it covers. */
function shrink(raster: Raster, box: Box, rows: number, columns: number): Float32Array {
  const across = spans(box.left, box.width, columns)
  const down = spans(box.top, box.height, rows)
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const vertical = down[Math.floor(index / columns)]
    const horizontal = across[index % columns]
    let sum = 0
    for (const [y, tall] of vertical)
      for (const [x, wide] of horizontal) sum += raster.values[y * raster.width + x] * tall * wide
    return sum
  })
}

/** For each of `count` equal parts of a stretch of pixels: the pixels it covers, and each one's share of it. */
function spans(from: number, length: number, count: number): [pixel: number, share: number][][] {
  const size = length / count
  return Array.from({ length: count }, (_, part) => {
    const [start, end] = [part * size, (part + 1) * size]
    const covered: [number, number][] = []
    for (let pixel = Math.floor(start); pixel < Math.min(Math.ceil(end), length); pixel++)
      covered.push([from + pixel, (Math.min(end, pixel + 1) - Math.max(start, pixel)) / size])
    return covered
  })
}

/** Moves by whole pixels, as MNIST's were, so that no edge is smoothed twice; ink that would leave the field stays. */
function centre(ink: Float32Array, rows: number, columns: number): Float32Array {
  let [mass, massX, massY] = [0, 0, 0]
  ink.forEach((value, index) => {
    mass += value
    massX += value * (index % columns)
    massY += value * Math.floor(index / columns)
  })
  const place = (moment: number, size: number): number =>
    Math.min(MNIST_SIDE - size, Math.max(0, Math.round(MNIST_CENTRE - moment / mass)))
  const left = place(massX, columns)
  const top = place(massY, rows)
  const field = new Float32Array(MNIST_SIDE * MNIST_SIDE)
  for (let y = 0; y < rows; y++)
    field.set(ink.subarray(y * columns, (y + 1) * columns), (top + y) * MNIST_SIDE + left)
  return field
}
