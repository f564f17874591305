import { blame, culpritOf } from '../blame'
import type { Detector } from '../detector'
import { namesOf } from '../measured-layers'
import type { SeenMeasurement, SeenStep } from '../seen-step'
import { movedTooFar } from './update-ratio'

/** What the guard lets enter an optimizer: squares of its elements must fit 32 bits. */
const LARGEST_ENTERING = 1e18

/** What breaks so soon behind a bad batch is its fault. */
const AFTER_BAD_BATCH_STEPS = 20

/** A step held NaN or Inf, or numbers beyond 32 bits, and was refused. */
export const nonFinite: Detector = (subject) => {
  const { layers, measured } = subject
  const names = namesOf(subject)

  /** The first layer that gives something that is not finite: there it arises, on the way forward. */
  function firstBrokenOutput(measurement: SeenMeasurement): string | undefined {
    const at = measured.findIndex(
      (_, layer) => measurement.at(layer, 'nanOutputs') + measurement.at(layer, 'infiniteOutputs') > 0
    )
    return names[at]
  }

  return {
    look(step, course) {
      if (!step.isRefused || movedTooFar(subject, step)) return []
      const at = brokenIn(step)
      // A loss alone shows at the output.
      const shown = (at < 0 ? layers.find(({ isOutput }) => isOutput) : layers[at])?.name
      const isOfBatch = step.step - course.badBatchStep <= AFTER_BAD_BATCH_STEPS
      const cause = isOfBatch ? 'badBatch' : blame(subject, course, shown)
      const measuredLayer = step.measurement && firstBrokenOutput(step.measurement)
      return [
        {
          kind: 'nonFinite',
          // Where every gradient is broken, only the structure tells where it began.
          layer: measuredLayer ?? (at === 0 ? culpritOf(subject, cause, shown) : shown),
          severity: 'critical',
          cause,
          evidence: { loss: step.loss, gradient: step.before }
        }
      ]
    }
  }
}

/** The layer where a broken step arose, as far as norms tell; −1 where all of them are sound. */
function brokenIn({ layers }: SeenStep): number {
  const weight = layers.weight.findIndex((norm) => !Number.isFinite(norm))
  if (weight >= 0) return weight
  // Gradients flow from the output to the input: the last broken one of a broken front is where it arose.
  const healthyFrom = layers.before.findLastIndex((norm) => !Number.isFinite(norm)) + 1
  if (healthyFrom > 0) return healthyFrom === layers.count ? 0 : healthyFrom - 1
  return layers.after.findIndex((norm) => norm > LARGEST_ENTERING)
}
