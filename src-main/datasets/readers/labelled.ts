import { Failure } from '#contract/failure'
import type { FeatureValues, Samples, TargetValues } from '../reader'
import { readIdx } from './idx-file'
import { isWhole, showShape, type StoredArray } from './stored-array'

/** More classes than any network here has outputs; a larger number is a damaged label. */
const MAX_CLASSES = 10_000
/** A label is out of range when it is this many times beyond all others … */
const ISOLATED_FACTOR = 2
/** … and no more than this share of the samples, or one of them, is as far out. */
const ISOLATED_SHARE = 0.01

/** Features and labels of one part. */
export interface LabelledPart extends Samples {
  featureShape: number[]
  /** Absent where labels are class numbers. */
  targetSize?: number
  /** Names of the classes, where the labels are texts. */
  classes?: string[]
}

/**
 * Reads images with their labels.
 * @param classes where it is known beforehand how many there are
 * @throws Failure `data.*` for files that are damaged, or do not belong together
 */
export async function readLabelled(images: string, labels: string, classes?: number): Promise<LabelledPart> {
  const [features, targets] = await Promise.all([readIdx(images), readIdx(labels)])
  return joinLabelled(features, sampleShape(features), targets, classes)
}

/**
 * Puts features and their labels together: whole numbers and texts are classes, other numbers are targets as they are.
 * Features that are not finite stay so.
 * @throws Failure `data.*` for arrays that do not belong together, and for labels that cannot be used
 */
export function joinLabelled(
  features: StoredArray,
  featureShape: number[],
  targets: StoredArray,
  classes?: number
): LabelledPart {
  const count = features.shape[0]
  if (targets.shape.length > (isWhole(targets) ? 1 : 2) || targets.shape[1] === 0)
    throw new Failure('data.notLabels', { path: targets.path, shape: showShape(targets.shape) })
  if (count !== targets.shape[0])
    throw new Failure('data.countsDiffer', {
      images: features.path,
      labels: targets.path,
      imageCount: count,
      labelCount: targets.shape[0]
    })
  if (count === 0) throw new Failure('data.empty', { path: features.path })

  const part = { count, featureShape, features: featuresOf(features) }
  if (!isWhole(targets)) return { ...part, targets: finite(targets), targetSize: targets.shape[1] ?? 1 }
  const numbers = Int32Array.from(targets.values)
  if (targets.texts) return { ...part, targets: numbers, classes: targets.texts }
  checkLabels(numbers, targets.path, classes)
  return { ...part, targets: numbers }
}

/** Values of one array, as bytes where the file has bytes. */
export function featuresOf({ values }: StoredArray): FeatureValues {
  return values instanceof Uint8Array || values instanceof Float32Array ? values : Float32Array.from(values)
}

/**
 * Shape of one sample of an image file: channels are added where it has none.
 * @throws Failure `data.notImages`.
 */
export function sampleShape({ path, shape }: StoredArray): number[] {
  if (shape.length < 2 || shape.length > 4 || shape.slice(1).includes(0))
    throw new Failure('data.notImages', { path, shape: showShape(shape) })
  return shape.length === 3 ? [...shape.slice(1), 1] : shape.slice(1)
}

/** @throws Failure `data.notFinite` for an array that holds what is no number */
export function finite({ path, values }: StoredArray): Float32Array<ArrayBuffer> {
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
