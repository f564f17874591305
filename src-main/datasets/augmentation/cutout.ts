import type { SampleWord } from './word'

/** Covers a rectangle somewhere in a picture with one value (DeVries and Taylor, 2017). */
export const cutout: SampleWord<'cutout'> = ({ size, value }, values, { shape }, random) => {
  const [height, width, channels] = shape
  const [rows, columns] = [Math.round(size * height), Math.round(size * width)]
  const top = Math.floor(random() * (height - rows + 1))
  const left = Math.floor(random() * (width - columns + 1))
  const result = values.slice()
  for (let y = top; y < top + rows; y++)
    result.fill(value, (y * width + left) * channels, (y * width + left + columns) * channels)
  return result
}
