import { blame } from '../blame'
import type { Detector, Subject } from '../detector'
import type { SeenStep } from '../seen-step'

/** The layer that a step moved most beyond what the guard allows, where nothing else was wrong with the step. */
export function movedTooFar(
  { experiment, layers }: Subject,
  step: SeenStep
): { layer: string; ratio: number } | undefined {
  const limit = experiment.guard.maxUpdateRatio
  if (!step.isRefused || limit === undefined || !Number.isFinite(step.loss)) return undefined
  if (step.layers.some(({ before, update, weight }) => !Number.isFinite(before + update + weight)))
    return undefined
  // A layer of zeros is exempt.
  const ratios = step.layers.map(({ update, weight }) => (weight > 0 ? update / weight : 0))
  const ratio = Math.max(...ratios)
  return ratio > limit ? { layer: layers[ratios.indexOf(ratio)].name, ratio } : undefined
}

/** A step would have moved a layer by more than the guard allows, and was refused. */
export const updateTooLarge: Detector = (subject) => {
  const limit = subject.experiment.guard.maxUpdateRatio
  if (limit === undefined) return undefined
  return {
    look(step, course) {
      const moved = movedTooFar(subject, step)
      if (!moved) return []
      const { layer, ratio } = moved
      return [
        {
          kind: 'updateTooLarge',
          layer,
          severity: 'error',
          cause: blame(subject, course, layer),
          evidence: { ratio, limit, rate: step.rate }
        }
      ]
    }
  }
}
