import {
  inverseOf,
  type Affine,
  type Operation,
  type OperationOf,
  type PreparationPlan
} from '#contract/preparation'
import { channelsOf, layoutAfter, sizeOf } from './layout'

/** Shares of red, green and blue in the brightness of a pixel (ITU-R BT.601). */
export const LUMA = [0.299, 0.587, 0.114] as const

type Values = Float32Array<ArrayBuffer>
const { fround } = Math

/**
 * Raw samples, one behind the other, as the model takes them. Rounded to float32 where the engine rounds, so that
 * both give the same numbers.
 */
export function prepareSamples(
  { sampleShape, features }: Pick<PreparationPlan, 'sampleShape' | 'features'>,
  samples: ArrayLike<number>
): Values {
  return applyAll(features, sampleShape, samples)
}

/** The same for any operations and the shape that samples have before them. */
export function applyAll(
  operations: readonly Operation[],
  shape: readonly number[],
  samples: ArrayLike<number>
): Values {
  let values: Values = Float32Array.from(samples)
  let before = shape
  for (const operation of operations) {
    values = apply(operation, before, values)
    before = layoutAfter(operation, { shape: before }).shape
  }
  return values
}

/** Numeric targets in the units that the model is trained in. */
export const prepareTargets = (targets: ArrayLike<number>, affine: Affine | undefined): Values =>
  affine ? applyAffine(affine, Float32Array.from(targets)) : Float32Array.from(targets)

/** Numbers in the units of prepared targets, in the raw units of the data; rows of as many numbers as a target has. */
export function rawTargets(prepared: ArrayLike<number>, affine: Affine | undefined): Values {
  const values = Float32Array.from(prepared)
  if (!affine) return values
  const { scale, add } = inverseOf(affine)
  return values.map((value, i) => value * at(scale, i) + at(add, i))
}

function apply(operation: Operation, shape: readonly number[], values: Values): Values {
  const channels = channelsOf(shape)
  switch (operation.use) {
    case 'affine':
      return applyAffine(operation, values)
    case 'fill':
      return values.map((value, i) => (Number.isFinite(value) ? value : at(operation.values, i)))
    case 'clip':
      return values.map((value, i) => {
        const [lowest, highest] = [at(operation.lowest, i), at(operation.highest, i)]
        return value < lowest ? lowest : value > highest ? highest : value
      })
    case 'oneHot':
      return oneHot(operation, channels, values)
    case 'resize':
      return resize(operation, shape, values)
    case 'grayscale':
      return new Float32Array(values.length / channels).map((_, pixel) => luma(values, pixel * channels))
    case 'repeat':
      return new Float32Array(values.length * operation.channels).map(
        (_, i) => values[Math.floor(i / operation.channels)]
      )
  }
}

/** The number of a channel; one number alone is that of all. */
const at = (numbers: readonly number[], place: number): number => numbers[place % numbers.length]

const applyAffine = ({ subtract, multiply }: Affine, values: Values): Values =>
  values.map((value, i) => fround(value - fround(at(subtract, i))) * fround(at(multiply, i)))

const luma = (values: Values, from: number): number =>
  LUMA.reduce((sum, share, channel) => sum + share * values[from + channel], 0)

function oneHot({ sizes }: OperationOf<'oneHot'>, columns: number, values: Values): Values {
  const width = channelsOf(layoutAfter({ use: 'oneHot', sizes }, { shape: [columns] }).shape)
  const rows = values.length / columns
  const result = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) {
    let to = row * width
    sizes.forEach((size, column) => {
      const value = values[row * columns + column]
      if (size === 0) result[to] = value
      // What is no category of the training part, or missing, is none of the columns.
      else if (Number.isInteger(value) && value >= 0 && value < size) result[to + value] = 1
      to += Math.max(1, size)
    })
  }
  return result
}

function resize({ height, width }: OperationOf<'resize'>, shape: readonly number[], values: Values): Values {
  const [oldHeight, oldWidth, channels] = shape
  const rows = tapsOf(oldHeight, height)
  const columns = tapsOf(oldWidth, width)
  const count = values.length / sizeOf(shape)
  const result = new Float32Array(count * height * width * channels)
  let to = 0
  for (let sample = 0; sample < count; sample++)
    for (const row of rows)
      for (const column of columns)
        for (let channel = 0; channel < channels; channel++) {
          const pixel = (y: number, x: number): number =>
            values[((sample * oldHeight + y) * oldWidth + x) * channels + channel]
          const top = mix(pixel(row.low, column.low), pixel(row.low, column.high), column.share)
          const bottom = mix(pixel(row.high, column.low), pixel(row.high, column.high), column.share)
          result[to++] = mix(top, bottom, row.share)
        }
  return result
}

const mix = (from: number, to: number, share: number): number => from + (to - from) * share

/** For each new place along an axis the two old ones that it lies between, and the share of the higher one. */
function tapsOf(before: number, after: number): { low: number; high: number; share: number }[] {
  return Array.from({ length: after }, (_, place) => {
    const position = Math.max(0, ((place + 0.5) * before) / after - 0.5)
    const low = Math.min(before - 1, Math.floor(position))
    return { low, high: Math.min(before - 1, low + 1), share: position - low }
  })
}
