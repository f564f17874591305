import { blame, culpritOf } from '../blame'
import type { Detector } from '../detector'
import { leftToLearn } from '../guess'
import { makersOf } from '../measured-layers'
import type { SeenMeasurement, SeenStep } from '../seen-step'

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
/** What a layer gives has faded where it varies by less than this share of what enters the model. */
const FADED = 0.02

/** The gradient dies out on its way from the output to the input, or is nowhere from the start. */
export const vanishingGradient: Detector = (subject) => {
  const { layers, measured, facts } = subject
  const left = leftToLearn(subject)
  const makers = makersOf(subject)
  /** The smallest share of a gradient, and the first layers, in the order of depth, where one has vanished or is weak. */
  const seen = { share: Infinity, vanished: -1, weak: -1 }
  let vanished = 0
  let weak = 0
  let nowhere = 0
  /** The first layer whose outputs hardly differ from sample to sample, as of the newest measurement. */
  let faded = -1

  const fadedIn = (measurement: SeenMeasurement): number => {
    const at = measured.findIndex(
      (_, layer) => measurement.at(layer, 'outputDeviation') < FADED * facts.featureScale
    )
    return at < 0 ? -1 : makers[at]
  }

  function findShares({ layers: { count, before, weight } }: SeenStep): void {
    seen.share = Infinity
    seen.vanished = seen.weak = -1
    let largest = 0
    for (let at = count - 1; at >= 0; at--) {
      if (layers[at].isNormalization || weight[at] === 0) continue
      // An exact zero is a dead layer's, which is another matter.
      if (largest > 0 && before[at] > 0) {
        const share = before[at] / largest
        seen.share = Math.min(seen.share, share)
        if (share < VANISHED) seen.vanished = at
        if (share < WEAK) seen.weak = at
      }
      largest = Math.max(largest, before[at])
    }
  }

  return {
    look(step, course) {
      if (step.isRefused) return []
      if (step.measurement) faded = fadedIn(step.measurement)
      const isUnlearnt = left(course) > LEARNT
      findShares(step)
      vanished = seen.vanished >= 0 ? vanished + 1 : 0
      weak = seen.weak >= 0 ? weak + 1 : 0
      nowhere = step.before > 0 && step.before < NOTHING && isUnlearnt ? nowhere + 1 : 0
      const isWeak = weak >= WEAK_STEPS && isUnlearnt
      if (vanished < STEPS && !isWeak && nowhere < STEPS) return []
      // Where it is nowhere, the layer at which the signal itself fades tells more than the gradients; else the first one.
      const shown = vanished >= STEPS ? seen.vanished : isWeak ? seen.weak : Math.max(0, faded)
      const layer = layers[shown]?.name
      const cause = blame(subject, course, layer)
      return [
        {
          kind: 'vanishingGradient',
          layer: culpritOf(subject, cause, layer),
          severity: 'warning',
          cause,
          evidence: { share: seen.share, gradient: step.before }
        }
      ]
    }
  }
}
