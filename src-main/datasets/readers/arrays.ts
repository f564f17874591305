import { Failure } from '#contract/failure'
import { joinLabelled, type LabelledPart } from './labelled'
import { isWhole, showShape, type StoredArray } from './stored-array'

/**
 * Features and labels of one part from two arrays of NumPy.
 * @throws Failure `data.*` for arrays that do not belong together, and for labels that cannot be used
 */
export const joinArrays = (features: StoredArray, labels: StoredArray): LabelledPart =>
  joinLabelled(features, shapeOfSample(features), labelsIn(labels))

/**
 * Shape of one sample. Two dimensions are an image, which gets its channel, where the values are bytes or the image is
 * square; else they are the steps of a sequence.
 * @throws Failure `data.notFeatures`
 */
export function shapeOfSample({ path, shape, values, texts }: StoredArray): number[] {
  if (texts || shape.length > 4 || shape.slice(1).includes(0))
    throw new Failure('data.notFeatures', { path, shape: showShape(shape) })
  if (shape.length === 1) return [1]
  const isImage = shape.length === 3 && (values instanceof Uint8Array || shape[1] === shape[2])
  return isImage ? [...shape.slice(1), 1] : shape.slice(1)
}

/** One label for each sample: a column of labels loses its second dimension, and one-hot rows become their numbers. */
function labelsIn(labels: StoredArray): StoredArray {
  const { path, shape, values } = labels
  if (shape.length !== 2) return labels
  const [count, width] = shape
  if (width === 1) return { ...labels, shape: [count] }
  const numbers = new Int32Array(count)
  for (let row = 0; row < count; row++) {
    let ones = 0
    for (let column = 0; column < width; column++) {
      const value = values[row * width + column]
      if (value === 1) numbers[row] = column
      if (value === 1 || value !== 0) ones += value === 1 ? 1 : 2
    }
    // Not one-hot: numbers as they are, several for each sample.
    if (ones !== 1) return isWhole(labels) ? { path, shape, values: Float32Array.from(values) } : labels
  }
  return { path, shape: [count], values: numbers }
}
