import { blame } from '../blame'
import type { Detector } from '../detector'
import { movedTooFar } from './update-ratio'

/** What the guard lets enter an optimizer: squares of its elements must fit 32 bits. */
const LARGEST_ENTERING = 1e18

/** A step held NaN or Inf, or numbers beyond 32 bits, and was refused. */
export const nonFinite: Detector = (subject) => ({
  look(step, course) {
    if (!step.isRefused || movedTooFar(subject, step)) return []
    const { layers } = step
    const weight = layers.findIndex((layer) => !Number.isFinite(layer.weight))
    // Gradients flow from the output to the input: the last broken one of a broken front is where it arose.
    const healthyFrom = layers.findLastIndex((layer) => !Number.isFinite(layer.before)) + 1
    const everything = healthyFrom === layers.length
    let at = weight
    if (at < 0 && healthyFrom > 0) at = everything ? 0 : healthyFrom - 1
    if (at < 0) at = layers.findIndex(({ after }) => after > LARGEST_ENTERING)
    // A loss alone shows at the output.
    const layer = (at < 0 ? subject.layers.find(({ isOutput }) => isOutput) : subject.layers[at])?.name
    return [
      {
        kind: 'nonFinite',
        layer,
        severity: 'critical',
        cause: blame(subject, course, layer),
        evidence: { loss: step.loss, gradient: step.before }
      }
    ]
  }
})
