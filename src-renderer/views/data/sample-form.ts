import { pictureShape, type PictureShape } from '../../components/drawing/pixels'

/** How one sample is shown: as a picture, as lines over time, or as a row of values. */
export type SampleForm =
  | { kind: 'picture'; shape: PictureShape }
  | { kind: 'series'; steps: number; channels: number }
  | { kind: 'row' }

/** The form that samples of a shape have: three lengths are a picture, two are the steps of a series. */
export function sampleForm(shape: readonly number[]): SampleForm {
  if (shape.length === 2) return { kind: 'series', steps: shape[0], channels: shape[1] }
  const picture = shape.length === 3 ? pictureShape(shape) : undefined
  return picture ? { kind: 'picture', shape: picture } : { kind: 'row' }
}
