import { Failure } from '#contract/failure'
import { showShape, type Place } from '../layer'

type Pair = [height: number, width: number]

/** A window that moves over an image; every pair is [height, width], in pixels. */
export interface Windows {
  size: Pair
  strides: Pair
  padding: 'valid' | 'same'
  input: Pair
  output: Pair
  channels: number
  /** Zeros added in front of and behind the image; TensorFlow's `same` puts the odd one behind. */
  before: Pair
  after: Pair
}

/**
 * How a window moves over the images that reach a layer.
 * @throws Failure `model.imageInput`, `model.windowTooLarge`.
 */
export function planWindows(
  { name, inputShape, from }: Place,
  size: number | Pair,
  strides: number | Pair,
  padding: 'valid' | 'same'
): Windows {
  if (inputShape.length !== 3)
    throw new Failure('model.imageInput', { layer: name, found: showShape(inputShape), from })
  const [height, width, channels] = inputShape
  const windows = { size: pairOf(size), strides: pairOf(strides), padding, channels }
  if (padding === 'valid' && (windows.size[0] > height || windows.size[1] > width))
    throw new Failure('model.windowTooLarge', {
      layer: name,
      window: windows.size.join(' × '),
      found: showShape(inputShape),
      from
    })
  const rows = along(height, windows.size[0], windows.strides[0], padding)
  const columns = along(width, windows.size[1], windows.strides[1], padding)
  return {
    ...windows,
    input: [height, width],
    output: [rows.output, columns.output],
    before: [rows.before, columns.before],
    after: [rows.after, columns.after]
  }
}

function along(
  input: number,
  size: number,
  stride: number,
  padding: 'valid' | 'same'
): { output: number; before: number; after: number } {
  if (padding === 'valid') return { output: Math.floor((input - size) / stride) + 1, before: 0, after: 0 }
  const output = Math.ceil(input / stride)
  const added = Math.max((output - 1) * stride + size - input, 0)
  const before = Math.floor(added / 2)
  return { output, before, after: added - before }
}

const pairOf = (value: number | Pair): Pair => (typeof value === 'number' ? [value, value] : value)
