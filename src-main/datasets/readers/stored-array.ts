/** An array as a file holds it: row-major, the first dimension counts samples. */
export interface StoredArray {
  /** The file, and in an archive the array in it. */
  path: string
  shape: number[]
  values: StoredValues
  /** Whole numbers of 64 bits, which take floats here. */
  whole?: true
  /** Texts, in the order of their numbers, where the file holds texts. */
  texts?: string[]
}
export type StoredValues =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>

export const MAX_DIMENSIONS = 8
/** Deflate cannot do better than 1032 : 1 (zlib's documentation), so a larger claim is a lie. */
export const DEFLATE_RATIO = 1032

/** Says whether the type of an array holds nothing but whole numbers. */
export const isWhole = ({ values, whole }: StoredArray): boolean =>
  whole === true || !(values instanceof Float32Array || values instanceof Float64Array)

/** A shape as a sentence says it. */
export const showShape = (shape: readonly number[]): string => shape.join(' × ')
