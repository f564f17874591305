import type { DataColumn } from '#contract/dataset'
import { Failure } from '#contract/failure'

/** What a model takes. */
export interface SampleForm {
  /** Shape of one sample. */
  shape: readonly number[]
  /** What each value of a sample is, where it was trained on a table. */
  columns?: readonly DataColumn[]
  /** Says whether images of another size are brought to the model's, as those were that it was trained on. */
  resize?: boolean
}

/** Samples of a file in raw form, one behind the other. */
export interface RawSamples {
  count: number
  values: Uint8Array<ArrayBufferLike> | Float32Array<ArrayBufferLike>
}

/** Values of one sample. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, each) => product * each, 1)

/** Says whether two shapes are the same but for channels of one. */
export const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  withoutOnes(a).join() === withoutOnes(b).join()
const withoutOnes = (shape: readonly number[]): readonly number[] => {
  const last = shape.findLastIndex((each) => each !== 1)
  return shape.slice(0, last + 1)
}

/** The failure of samples that are not what the model takes. */
export const differs = (path: string, found: readonly number[], expected: readonly number[]): Failure =>
  new Failure('data.shapeDiffers', { path, found: found.join(' × '), expected: expected.join(' × ') })
