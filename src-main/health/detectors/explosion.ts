import { blame } from '../blame'
import type { Course } from '../course'
import type { Detector } from '../detector'
import type { SeenStep } from '../seen-step'

/** A norm of all gradients that no healthy start has, whatever the loss. */
const HUGE = 3_000
/** A gradient so many times the usual one, */
const GROWN = 100
/** that also moves a layer by so much of its weights, explodes. */
const MOVING = 0.3

/** Gradients are so large that a step destroys what was learnt. */
export const explodingGradient: Detector = (subject) => ({
  look(step, course) {
    // What is not finite is said by another.
    if (!Number.isFinite(step.before)) return []
    const { moved, usualGradient } = course
    const isHuge = step.before > HUGE && moved.ratio > MOVING
    const isGrown = step.before > GROWN * usualGradient && moved.ratio > MOVING
    if (!isHuge && !isGrown && !(step.before > HUGE ** 2)) return []
    const worst = step.layers.reduce(
      (most, { before }, at) => (before > step.layers[most].before ? at : most),
      0
    )
    const layer = subject.layers[worst]?.name
    return [
      {
        kind: 'explodingGradient',
        layer,
        severity: 'error',
        cause: isSudden(step, course) ? 'badBatch' : blame(subject, course, layer),
        evidence: {
          gradient: step.before,
          ratio: moved.ratio,
          ...(Number.isFinite(usualGradient) && { usual: usualGradient })
        }
      }
    ]
  }
})

/** Out of calm steps, one gradient is suddenly so many times the one before. */
const SUDDEN = 30
const CALM = 0.1
const isSudden = ({ step, before }: SeenStep, { lastGradient, movedBefore }: Course): boolean =>
  step > 10 && movedBefore < CALM && before > SUDDEN * lastGradient
