import { blame } from '../blame'
import type { Detector } from '../detector'
import { lossOfGuess } from './initial-loss'

/** The gradient of a layer is so small beside the largest behind it: vanished, */
const VANISHED = 1e-3
/** or weak, which is an alarm only where nothing is learnt either. */
const WEAK = 0.02
/** Steps in a row for which that must hold, */
const STEPS = 10
/** and for a weak one, without the loss having fallen below this share of the first one and of a guess. */
const WEAK_STEPS = 45
const LEARNT = 0.95
/** A gradient of everything below this is none, while the loss is where it began. */
const NOTHING = 1e-6

/** The gradient dies out on its way from the output to the input, or is nowhere from the start. */
export const vanishingGradient: Detector = (subject) => {
  const guess = lossOfGuess(subject) ?? Infinity
  let vanished = 0
  let weak = 0
  let nowhere = 0
  return {
    look(step, course) {
      if (step.isRefused) return []
      const isUnlearnt = course.loss > LEARNT * Math.min(course.firstLoss, guess)
      let largest = 0
      let smallest = { share: Infinity, layer: -1 }
      for (let at = step.layers.length - 1; at >= 0; at--) {
        const { before, weight } = step.layers[at]
        if (subject.layers[at].isNormalization || weight === 0) continue
        const share = before / largest
        // An exact zero is a dead layer's, which is another matter.
        if (largest > 0 && before > 0 && share < smallest.share) smallest = { share, layer: at }
        largest = Math.max(largest, before)
      }
      vanished = smallest.share < VANISHED ? vanished + 1 : 0
      weak = smallest.share < WEAK ? weak + 1 : 0
      nowhere = step.before > 0 && step.before < NOTHING && isUnlearnt ? nowhere + 1 : 0
      const isWeak = weak >= WEAK_STEPS && isUnlearnt
      if (vanished < STEPS && !isWeak && nowhere < STEPS) return []
      // Where it is nowhere, the first layer stands for all.
      const isNowhere = vanished < STEPS && !isWeak
      const layer = subject.layers[isNowhere ? 0 : Math.max(0, smallest.layer)]?.name
      return [
        {
          kind: 'vanishingGradient',
          layer,
          severity: 'warning',
          cause: blame(subject, course, layer),
          evidence: { share: smallest.share, gradient: step.before }
        }
      ]
    }
  }
}
