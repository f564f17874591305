import type { DatasetSummary } from '#contract/dataset'
import { Failure } from '#contract/failure'
import type { Operation } from '#contract/preparation'
import type { FeatureValues, TargetValues } from '../reader'
import type { Part, Parts } from '../parts'
import { placeOfMissing } from './drop-missing'

/** Samples that are looked at together. */
const CHUNK = 1024

/**
 * Refuses NaN and Inf that would reach the model: features that nothing fills, but for columns that become 0 and 1, and
 * numeric targets.
 * @throws Failure `data.missingFeature`, `data.missingTarget`, which name the sample and the column or the position
 */
export function checkFinite(parts: Parts, summary: DatasetSummary, operations: readonly Operation[]): void {
  const isFilled = operations.some(({ use }) => use === 'fill')
  const encoded = operations.find((operation) => operation.use === 'oneHot')?.sizes ?? []
  // Bytes and class numbers are always finite.
  if (summary.featureType === 'uint8' && summary.classes) return
  for (const part of Object.values<Part | undefined>({ ...parts })) {
    if (!part) continue
    for (let start = 0; start < part.count; start += CHUNK) {
      const count = Math.min(CHUNK, part.count - start)
      const { features, targets } = part.gather(Uint32Array.from({ length: count }, (_, i) => start + i))
      const refuse = (kind: 'Feature' | 'Target', found: Found): never => {
        throw new Failure(`data.missing${kind}.${part.from}`, {
          name: summary.name,
          sample: part.indices[start + found.sample],
          place: (kind === 'Feature' && summary.columns?.[found.place].name) || String(found.place),
          found: String(found.value)
        })
      }
      const feature = isFilled ? undefined : findMissing(features, count, encoded)
      if (feature) refuse('Feature', feature)
      const target = findMissing(targets, count, [])
      if (target) refuse('Target', target)
    }
  }
}

interface Found {
  sample: number
  place: number
  value: number
}

/** The first value that is no finite number, but for NaN in places with a size in `encoded`. */
function findMissing(
  values: FeatureValues | TargetValues,
  count: number,
  encoded: readonly number[]
): Found | undefined {
  const size = values.length / count
  let at = placeOfMissing(values, 0, values.length)
  while (at >= 0) {
    const place = at % size
    if (!(encoded[place] > 0)) return { sample: Math.floor(at / size), place, value: values[at] }
    const next = placeOfMissing(values, at + 1, values.length - at - 1)
    at = next < 0 ? -1 : at + 1 + next
  }
  return undefined
}
