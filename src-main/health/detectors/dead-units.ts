import { blame } from '../blame'
import type { Detector } from '../detector'

/** Steps in a row for which a layer must get no gradient at all. */
const STEPS = 5

/** A layer gets exactly no gradient, though the output does: all units behind it give zero whatever comes in. */
export const deadUnits: Detector = (subject) => {
  const zeros = subject.layers.map(() => 0)
  return {
    look(step, course) {
      if (step.isRefused) return []
      step.layers.forEach(
        ({ before }, at) => (zeros[at] = before === 0 && step.before > 0 ? zeros[at] + 1 : 0)
      )
      // The dead layer is the last one that gets nothing; those before it starve because of it.
      const at = zeros.findLastIndex((count) => count >= STEPS)
      if (at < 0) return []
      const layer = subject.layers[at].name
      return [
        {
          kind: 'deadUnits',
          layer,
          severity: 'error',
          cause: blame(subject, course, layer),
          evidence: { layers: zeros.filter((count) => count >= STEPS).length, gradient: step.before }
        }
      ]
    }
  }
}
