import { blame, culpritOf } from '../blame'
import type { Detector, Sighting } from '../detector'

/** A layer that moves by more than this share of its weights in one step is moved far; */
const FAR = 0.25
/** by more than this, nothing of it is left. */
const EVERYTHING = 3
/** A loss so many times the best smoothed one shows that the moves did harm, */
const HARM = 4
/** and so does a lesser one that comes again and again within the steps that are looked back on. */
const LESSER_HARM = 1.5
const LESSER_TIMES = 4
const LOOKED_BACK_STEPS = 10
/** Noise of small batches is no harm while the loss stays below this share of the first one. */
const BACK = 0.9
/** Steps for which a far move is remembered. */
const REMEMBERED_STEPS = 20

/** Steps are so long that they do harm: the loss rises behind moves that are far. */
export const learningRateTooHigh: Detector = (subject) => {
  let far: { step: number; ratio: number; layer: number } | undefined
  /** For each of the last steps whether it was harmed, and how many were. */
  const harmed = new Uint8Array(LOOKED_BACK_STEPS)
  let harmedSteps = 0
  return {
    look(step, course) {
      if (!Number.isFinite(step.before)) return []
      const { moved, bestLoss } = course
      const isBack = !(step.loss <= BACK * course.firstLoss)
      const place = step.step % LOOKED_BACK_STEPS
      harmedSteps -= harmed[place]
      harmed[place] = Number(isBack && !(step.loss <= LESSER_HARM * bestLoss))
      harmedSteps += harmed[place]
      const isHarmed = (isBack && !(step.loss <= HARM * bestLoss)) || harmedSteps >= LESSER_TIMES
      const before = far && step.step - far.step <= REMEMBERED_STEPS ? far : undefined
      if (moved.ratio > FAR && moved.ratio >= (before?.ratio ?? 0))
        far = { step: step.step, ratio: moved.ratio, layer: moved.layer }
      const reason = before && isHarmed ? before : moved.ratio > EVERYTHING ? far : undefined
      if (!reason) return []
      const layer = subject.layers[reason.layer]?.name
      const cause = blame(subject, course, layer)
      return [
        {
          kind: 'learningRateTooHigh',
          // Where it is not the rate, the layer that makes the steps so long.
          layer: culpritOf(subject, cause, layer),
          severity: 'warning',
          cause,
          evidence: { ratio: reason.ratio, rate: step.rate }
        }
      ]
    }
  }
}

/** No layer moves by more than this share of its weights in a step, */
const NEAR = 2e-5
/** for so many steps, while there are gradients. */
const LONG_STEPS = 30
const GRADIENT = 1e-3

/** Steps are so short that nothing is learnt. */
export const learningRateTooLow: Detector = () => {
  let near = 0
  return {
    look(step, course): Sighting[] {
      const { before, weight } = step.layers
      const hasGradient = before.some((norm, at) => norm > GRADIENT * weight[at])
      near = !step.isRefused && hasGradient && course.moved.ratio < NEAR ? near + 1 : 0
      if (near < LONG_STEPS || course.loss < 0.5 * course.firstLoss) return []
      return [
        {
          kind: 'learningRateTooLow',
          severity: 'warning',
          cause: 'learningRate',
          evidence: { ratio: course.moved.ratio, rate: step.rate }
        }
      ]
    }
  }
}
