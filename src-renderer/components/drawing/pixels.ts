/** How many rows, columns and channels a sample has that can be shown as a picture. */
export interface PictureShape {
  height: number
  width: number
  channels: 1 | 3
}

/** The shape of a sample as a picture; undefined where it is none. */
export function pictureShape(shape: readonly number[]): PictureShape | undefined {
  const [height, width, channels = 1] = shape
  if (shape.length < 2 || shape.length > 3 || (channels !== 1 && channels !== 3)) return undefined
  return { height, width, channels }
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
