/** How many rows, columns and channels a sample has that can be shown as a picture. */
export interface PictureShape {
  height: number
  width: number
  channels: 1 | 3
}

/** The shape of a sample as a picture; undefined where it is none. Two dimensions are the steps of a series. */
export function pictureShape(shape: readonly number[]): PictureShape | undefined {
  const [height, width, channels] = shape
  if (shape.length !== 3 || (channels !== 1 && channels !== 3)) return undefined
  return { height, width, channels }
}

/** How many steps a series has, and how many values each of them. */
export interface SeriesShape {
  steps: number
  features: number
}

/** The shape of a sample as a series; undefined where it is none. */
export function seriesShape(shape: readonly number[]): SeriesShape | undefined {
  const [steps, features] = shape
  return shape.length === 2 ? { steps, features } : undefined
}

/** What black and white are in the values of pictures: bytes have their own, other numbers those of the data. */
export const brightnessRange = (
  type: 'uint8' | 'float32',
  range: readonly [number, number]
): readonly [black: number, white: number] => (type === 'uint8' ? [0, 255] : range)

/** Shares of red, green and blue in the brightness of a pixel (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114] as const

/** Opaque pixels, four bytes each, as the values of a sample; where it has one channel, their brightness. */
export function valuesOfPixels(
  pixels: Uint8ClampedArray,
  { height, width, channels }: PictureShape,
  [low, high]: readonly [number, number]
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(height * width * channels)
  const write = (byte: number): number => low + (Math.round(byte) / 255) * (high - low)
  for (let pixel = 0; pixel < height * width; pixel++) {
    const colour = pixels.subarray(pixel * 4, pixel * 4 + 3)
    if (channels === 3) colour.forEach((byte, channel) => (values[pixel * 3 + channel] = write(byte)))
    else values[pixel] = write(LUMA.reduce((sum, share, channel) => sum + share * colour[channel], 0))
  }
  return values
}

/** One sample as opaque pixels: `low` is black, `high` is white or the full colour. */
export function pixelsOf(
  values: Float32Array,
  { height, width, channels }: PictureShape,
  [low, high]: readonly [number, number]
): ImageData {
  const pixels = new Uint8ClampedArray(height * width * 4)
  const factor = high > low ? 255 / (high - low) : 255
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = values[pixel * channels + (channels === 3 ? channel : 0)]
      pixels[pixel * 4 + channel] = (value - low) * factor
    }
    pixels[pixel * 4 + 3] = 255
  }
  return new ImageData(pixels, width, height)
}
