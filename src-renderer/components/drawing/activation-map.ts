/** More maps than this are not told apart any more. */
const MOST_TILES = 64
/** Longest row of the picture, in values. */
const ROW_VALUES = 240
/** Values of a strip in one row; longer ones are wrapped. */
const STRIP_VALUES = 64

/** Where the values of a layer lie in its picture: equal tiles in rows, with `gap` pixels between them. */
export interface ActivationLayout {
  /** Maps that the layer has, of which the first `tiles` are shown. */
  maps: number
  tiles: number
  tileWidth: number
  tileHeight: number
  /** Distance in the values of what lies side by side in a tile, and one below the other. */
  across: number
  down: number
  gap: number
  columns: number
  width: number
  height: number
}

/**
 * The picture of an output of one sample: a tile for each channel of [height, width, channels], the first 64 of them;
 * one tile for the [steps, units] of a series, its steps from left to right; a tile of one pixel for each value of
 * everything else.
 */
export function layOutActivation(shape: readonly number[]): ActivationLayout {
  if (shape.length === 2) return layOutSeries(shape)
  const pictures = shape.length === 3
  const maps = pictures ? shape[2] : shape.reduce((product, size) => product * size, 1)
  const tiles = pictures ? Math.min(maps, MOST_TILES) : maps
  const [tileHeight, tileWidth] = pictures ? shape : [1, 1]
  const gap = pictures ? 1 : 0
  const row = pictures || maps > 8 * STRIP_VALUES ? ROW_VALUES : STRIP_VALUES
  const columns = Math.max(1, Math.min(tiles, Math.floor(row / (tileWidth + gap))))
  const width = columns * (tileWidth + gap) - gap
  const height = Math.ceil(tiles / columns) * (tileHeight + gap) - gap
  const places = { across: maps, down: tileWidth * maps }
  return { maps, tiles, tileWidth, tileHeight, ...places, gap, columns, width, height }
}

function layOutSeries([steps, units]: readonly number[]): ActivationLayout {
  const tile = { tileWidth: steps, tileHeight: units, across: units, down: 1 }
  return { maps: 1, tiles: 1, ...tile, gap: 0, columns: 1, width: steps, height: units }
}

/** What can be said of a layer's values in numbers. */
export interface ActivationRange {
  low: number
  high: number
  /** Share of values that are exactly zero. */
  zero: number
}

/** Smallest and largest value, and the share of zeros; a value that is no number is passed over. */
export function rangeOf(values: Float32Array): ActivationRange {
  let [low, high, zeros] = [Infinity, -Infinity, 0]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
    if (value === 0) zeros++
  }
  return { low, high, zero: values.length > 0 ? zeros / values.length : 0 }
}

type Colour = readonly [red: number, green: number, blue: number]
const POSITIVE: Colour = [255, 255, 255]
const NEGATIVE: Colour = [255, 150, 60]
const NOT_FINITE: Colour = [230, 40, 200]

/** The picture: zero is black, positive values go to white, negative ones to orange; what lies between tiles is clear. */
export function paintActivation(
  values: Float32Array,
  layout: ActivationLayout,
  { low, high }: ActivationRange
): ImageData {
  const { tiles, tileWidth, tileHeight, across, down, gap, columns, width, height } = layout
  const pixels = new Uint8ClampedArray(width * height * 4)
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1
  for (let tile = 0; tile < tiles; tile++) {
    const left = (tile % columns) * (tileWidth + gap)
    const top = Math.floor(tile / columns) * (tileHeight + gap)
    for (let y = 0; y < tileHeight; y++)
      for (let x = 0; x < tileWidth; x++) {
        const value = values[y * down + x * across + tile]
        const place = ((top + y) * width + left + x) * 4
        colourOf(value, reach).forEach((part, index) => (pixels[place + index] = part))
        pixels[place + 3] = 255
      }
  }
  return new ImageData(pixels, width, height)
}

function colourOf(value: number, reach: number): Colour {
  if (!Number.isFinite(value)) return NOT_FINITE
  const share = Math.abs(value) / reach
  const [red, green, blue] = value < 0 ? NEGATIVE : POSITIVE
  return [red * share, green * share, blue * share]
}
