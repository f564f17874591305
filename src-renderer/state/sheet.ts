/** One place of a stroke. All lengths are shares of the sheet's width. */
export interface InkPoint {
  x: number
  y: number
  radius: number
}
export type InkStroke = readonly InkPoint[]

/** A sample of the data that lies on the sheet. */
export interface PlacedSample {
  part: 'train' | 'test'
  /** Position in its part of the source. */
  index: number
  /** The number of its class, or the numbers that are its target. */
  targets: readonly number[]
  features: Float32Array
  /** Its place among the samples that a run is tested on, where it was taken from them. */
  tested?: { run: string; place: number }
}

/** A picture of the user's, in the form of a sample. */
export interface PlacedPicture {
  /** Name of its file. */
  name: string
  features: Float32Array
}

/** What is on the sheet: a sample or a picture, or none; values typed over those of the sample, or strokes over it. */
export interface Sheet {
  sample?: PlacedSample
  picture?: PlacedPicture
  /** All values as they are after typing; `column` was typed last. */
  typed?: { features: Float32Array; column: number }
  strokes: readonly InkStroke[]
}
export const EMPTY: Sheet = { strokes: [] }

/** The values on a sheet without its strokes. */
export const valuesOn = ({ sample, picture, typed }: Sheet): Float32Array | undefined =>
  typed?.features ?? picture?.features ?? sample?.features

/** The sample on a sheet, as long as nothing was drawn or typed over it. */
export const untouchedOn = ({ sample, typed, strokes }: Sheet): PlacedSample | undefined =>
  typed || strokes.length > 0 ? undefined : sample

/** The sheet with another value in a column; where all values are those of its sample, that is what it holds. */
export function withValue(sheet: Sheet, column: number, value: number): Sheet {
  const { sample } = sheet
  const before = valuesOn(sheet)
  if (!sample || !before || Object.is(before[column], Math.fround(value))) return sheet
  const features = before.slice()
  features[column] = value
  return features.every((each, place) => Object.is(each, sample.features[place]))
    ? { sample, strokes: [] }
    : { ...sheet, typed: { features, column } }
}
