import type { Random } from '#contract/random'
import { warp } from './warp'
import { within, type SampleWord } from './word'

/** A Gaussian is cut off behind so many deviations. */
const CUT_OFF_DEVIATIONS = 3

/**
 * Bends a picture as if it were rubber: a random displacement of every pixel, up to `strength`, smoothed by a Gaussian
 * of deviation `smoothness`, which leaves little of it (Simard, Steinkraus and Platt, 2003).
 */
export const elastic: SampleWord<'elastic'> = (options, values, { shape }, random) => {
  const { strength, smoothness } = options
  const [height, width] = shape
  const field = (): Float64Array =>
    smooth(randomField(height * width, strength, random), height, width, kernelOf(smoothness))
  const [down, right] = [field(), field()]
  return warp(values, shape, options, (place) => {
    const at = place.y * width + place.x
    place.y += down[at]
    place.x += right[at]
  })
}

const randomField = (size: number, limit: number, random: Random): Float64Array =>
  Float64Array.from({ length: size }, () => within(limit, random))

/** Shares that add up to 1, the largest in the middle. */
function kernelOf(deviation: number): number[] {
  const reach = Math.ceil(CUT_OFF_DEVIATIONS * deviation)
  const heights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2))
  )
  const total = heights.reduce((sum, each) => sum + each, 0)
  return heights.map((each) => each / total)
}

/** Along one axis and then along the other; beyond the edge nothing is moved. */
const smooth = (
  field: Float64Array,
  height: number,
  width: number,
  kernel: readonly number[]
): Float64Array => smoothRows(smoothRows(field, height, width, kernel), width, height, kernel)

/** Smooths each row and gives rows as columns. */
function smoothRows(
  field: Float64Array,
  rows: number,
  columns: number,
  kernel: readonly number[]
): Float64Array {
  const reach = (kernel.length - 1) / 2
  const turned = new Float64Array(field.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0
      const last = Math.min(columns - 1, column + reach)
      for (let from = Math.max(0, column - reach); from <= last; from++)
        sum += field[row * columns + from] * kernel[from - column + reach]
      turned[column * rows + row] = sum
    }
  return turned
}
