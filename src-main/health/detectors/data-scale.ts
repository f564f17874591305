import { LARGE_FEATURES, LARGE_TARGETS } from '../blame'
import type { Detector, Sighting } from '../detector'

/** What enters the model is far from unit scale. No alarm by itself: it becomes one where something suffers from it. */
export const unscaledInput: Detector = ({ facts, layers }) => {
  if (facts.featureScale <= LARGE_FEATURES) return undefined
  if (layers[0]?.isNormalization || layers[0]?.feedsNormalization) return undefined
  const seen: Sighting[] = [
    {
      kind: 'unscaledInput',
      layer: layers[0]?.name,
      severity: 'info',
      cause: 'dataScale',
      evidence: { scale: facts.featureScale }
    }
  ]
  return { begin: () => seen, look: () => seen }
}

/** What the model is to predict is far from unit scale. No alarm by itself either. */
export const unscaledTarget: Detector = ({ facts }) => {
  const { targetScale } = facts
  if (targetScale === undefined || targetScale <= LARGE_TARGETS) return undefined
  const seen: Sighting[] = [
    { kind: 'unscaledTarget', severity: 'info', cause: 'dataScale', evidence: { scale: targetScale } }
  ]
  return { begin: () => seen, look: () => seen }
}
