import type { FeatureValues, TargetValues } from '../reader'
import { dropWhere, type Drop } from './drop'

/** Leaves out samples with a NaN or an Inf in their features or in their numeric targets. */
export const dropMissing: Drop<'dropMissing'> = (_, draws, size) =>
  dropWhere(draws, ({ features, targets, count }, index) => {
    const targetSize = targets.length / count
    return (
      placeOfMissing(features, index * size, size) >= 0 ||
      placeOfMissing(targets, index * targetSize, targetSize) >= 0
    )
  })

/** Place, from 0, of the first of `size` values from `from` on that is no finite number; −1 where all are. */
export function placeOfMissing(values: FeatureValues | TargetValues, from: number, size: number): number {
  if (!(values instanceof Float32Array)) return -1
  for (let place = 0; place < size; place++) if (!Number.isFinite(values[from + place])) return place
  return -1
}
