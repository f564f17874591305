import type { DatasetSummary } from '#contract/dataset'
import { pictureShape, type PictureShape } from '../../components/drawing/pixels'
import { rangesOf, type ChannelRanges } from '../../components/drawing/series-lines'

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

/** What the lines of series are drawn between: the ranges in the whole source, else in these samples; none for others. */
export function seriesRanges(
  { featureShape, values }: DatasetSummary,
  samples: ArrayLike<number>
): ChannelRanges {
  const form = sampleForm(featureShape)
  if (form.kind !== 'series') return []
  return values
    ? values.map(({ range }): readonly [number, number] => range ?? [0, 1])
    : rangesOf(samples, form.channels)
}
