import { Failure } from '#contract/failure'
import type { FeatureValues, Samples, TargetValues } from '../reader'
import { readIdx, type IdxArray } from './idx-file'

/** More classes than any network here has outputs; a larger number is a damaged label. */
const MAX_CLASSES = 10_000
/** A label is out of range when it is this many times beyond all others … */
const ISOLATED_FACTOR = 2
/** … and no more than this share of the samples, or one of them, is as far out. */
const ISOLATED_SHARE = 0.01

/** Images and labels of one part, read from two IDX files. */
export interface LabelledPart extends Samples {
  featureShape: number[]
  /** Absent where labels are class numbers. */
  targetSize?: number
}

/**
 * Reads images with their labels.
 * @param classes where it is known beforehand how many there are
 * @throws Failure `data.*` for files that are damaged, or do not belong together
 */
export async function readLabelled(images: string, labels: string, classes?: number): Promise<LabelledPart> {
  const [features, targets] = await Promise.all([readIdx(images), readIdx(labels)])
  const { count, featureShape } = layoutOf(features, targets)
  if (features.shape[0] !== targets.shape[0])
    throw new Failure('data.countsDiffer', {
      images,
      labels,
      imageCount: features.shape[0],
      labelCount: targets.shape[0]
    })
  if (count === 0) throw new Failure('data.empty', { path: images })

  const part = { count, featureShape, features: featuresOf(features) }
  if (targets.values instanceof Float32Array || targets.values instanceof Float64Array)
    return { ...part, targets: finite(targets), targetSize: targets.shape[1] ?? 1 }
  const numbers = Int32Array.from(targets.values)
  checkLabels(numbers, labels, classes)
  return { ...part, targets: numbers }
}

/** Values of one image file, as bytes where the file has bytes. @throws Failure `data.notFinite`. */
export const featuresOf = (array: IdxArray): FeatureValues =>
  array.values instanceof Uint8Array ? array.values : finite(array)

/**
 * Shape of one sample of an image file: channels are added where it has none.
 * @throws Failure `data.notImages`.
 */
export function sampleShape({ path, shape }: IdxArray): number[] {
  if (shape.length < 2 || shape.length > 4 || shape.slice(1).includes(0))
    throw new Failure('data.notImages', { path, shape: shape.join(' × ') })
  return shape.length === 3 ? [...shape.slice(1), 1] : shape.slice(1)
}

function layoutOf(features: IdxArray, targets: IdxArray): { count: number; featureShape: number[] } {
  const featureShape = sampleShape(features)
  const whole = !(targets.values instanceof Float32Array || targets.values instanceof Float64Array)
  if (targets.shape.length > (whole ? 1 : 2) || targets.shape[1] === 0)
    throw new Failure('data.notLabels', { path: targets.path, shape: targets.shape.join(' × ') })
  return { count: features.shape[0], featureShape }
}

function finite({ path, values }: IdxArray): Float32Array<ArrayBuffer> {
  const numbers = values instanceof Float32Array ? values : Float32Array.from(values)
  const index = numbers.findIndex((value) => !Number.isFinite(value))
  if (index >= 0) throw new Failure('data.notFinite', { path, index, found: String(values[index]) })
  return numbers
}

/** @throws Failure `data.labelOutOfRange` for a label that cannot be a class number. */
function checkLabels(labels: TargetValues, path: string, classes?: number): void {
  const highest = (classes ?? highestPlausible(labels) + 1) - 1
  const index = labels.findIndex((label) => label < 0 || label > highest)
  if (index >= 0) throw new Failure('data.labelOutOfRange', { path, index, label: labels[index], highest })
}

/** The largest label that is not far beyond all others, as one changed bit would put it. */
function highestPlausible(labels: TargetValues): number {
  const counts = new Map<number, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  const known = [...counts.keys()].filter((label) => label >= 0 && label < MAX_CLASSES).sort((a, b) => a - b)
  let left = labels.length
  for (let i = 0; i < known.length; i++) {
    const few = left <= Math.max(1, labels.length * ISOLATED_SHARE)
    if (i >= 2 && few && known[i] > ISOLATED_FACTOR * (known[i - 1] + 1)) return known[i - 1]
    left -= counts.get(known[i]) ?? 0
  }
  return known.at(-1) ?? 0
}
