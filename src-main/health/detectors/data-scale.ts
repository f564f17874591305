import { areFeaturesUnscaled, LARGE_TARGETS } from '../blame'
import type { Detector, Sighting } from '../detector'

/** What enters the model is far from unit scale. No alarm by itself: it becomes one where something suffers from it. */
export const unscaledInput: Detector = (subject) => {
  if (!areFeaturesUnscaled(subject)) return undefined
  const { facts, layers } = subject
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
