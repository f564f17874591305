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
  const { count, before, update, weight } = step.layers
  let most = { layer: '', ratio: 0 }
  for (let at = 0; at < count; at++) {
    if (!Number.isFinite(before[at] + update[at] + weight[at])) return undefined
    // A layer of zeros is exempt.
    const ratio = weight[at] > 0 ? update[at] / weight[at] : 0
    if (ratio > most.ratio) most = { layer: layers[at].name, ratio }
  }
  return most.ratio > limit ? most : undefined
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
