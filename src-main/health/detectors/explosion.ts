import { blame, culpritOf } from '../blame'
import type { Detector } from '../detector'
import type { SeenLayers } from '../seen-step'

/** A norm of all gradients that no healthy start has, whatever the loss. */
const HUGE = 3_000
/** A gradient so many times the usual one, */
const GROWN = 100
/** that also moves a layer by so much of its weights, explodes. */
const MOVING = 0.3
/** Where layers are alike within this share of the largest gradient, the explosion is in all from the first one on. */
const ALIKE = 0.1

/** Gradients are so large that a step destroys what was learnt. */
export const explodingGradient: Detector = (subject) => ({
  look(step, course) {
    // What is not finite is said by another.
    if (!Number.isFinite(step.before)) return []
    const { moved, usualGradient } = course
    const isHuge = step.before > HUGE && moved.ratio > MOVING
    const isGrown = step.before > GROWN * usualGradient && moved.ratio > MOVING
    if (!isHuge && !isGrown && !(step.before > HUGE ** 2)) return []
    const shown = subject.layers[firstLarge(step.layers)]?.name
    const cause = course.badBatchStep === step.step ? 'badBatch' : blame(subject, course, shown)
    return [
      {
        kind: 'explodingGradient',
        layer: culpritOf(subject, cause, shown),
        severity: 'error',
        cause,
        evidence: {
          gradient: step.before,
          ratio: moved.ratio,
          ...(Number.isFinite(usualGradient) && { usual: usualGradient })
        }
      }
    ]
  }
})

/** The first layer, in the order of depth, whose gradient is about as large as the largest. */
function firstLarge({ before }: SeenLayers): number {
  const largest = before.reduce((most, each) => Math.max(most, each), 0)
  return before.findIndex((each) => each >= ALIKE * largest)
}
