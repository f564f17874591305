import { blame } from '../blame'
import type { Course } from '../course'
import type { Detector, Sighting } from '../detector'
import { isStill, leftToLearn } from '../guess'
import { followShare, namesOf } from '../measured-layers'

/** Steps in a row for which a layer must get no gradient at all. */
const STEPS = 5
/** A layer of which this share is dead lets nothing through, */
const ALL = 0.99
/** and one of which this share is learns with what little is left. */
const MANY = 0.6
/** Measurements in a row at which that must be so. */
const MEASUREMENTS = 2
/**
 * So much is left to learn where dead units do harm. A dead layer shows that as soon as the smoothed loss has forgotten the
 * first steps; what is left of another one is given time, as long as the loss falls.
 */
const UNLEARNT = 0.7
const FIRST_STEPS = 40
const LONG_STEPS = 100

/**
 * Units give zero whatever comes in: a layer gets exactly no gradient though the output does, or most of its units are
 * zero for whole batches.
 */
export const deadUnits: Detector = (subject) => {
  const { layers } = subject
  const zeros = new Uint32Array(layers.length)
  const names = namesOf(subject)
  const all = followShare(subject, 'dead', ALL)
  const many = followShare(subject, 'dead', MANY)
  const left = leftToLearn(subject)

  function seen(
    course: Course,
    layer: string,
    share: number,
    gradient: number,
    severity: Sighting['severity']
  ): Sighting[] {
    const cause = blame(subject, course, layer)
    const evidence = { percent: Math.round(100 * share), gradient }
    return [{ kind: 'deadUnits', layer, severity, cause, evidence }]
  }

  return {
    look(step, course) {
      if (step.isRefused) return []
      const { measurement } = step
      if (measurement) {
        all.add(measurement)
        many.add(measurement)
      }
      let starving = -1
      for (let at = 0; at < step.layers.count; at++) {
        zeros[at] = step.layers.before[at] === 0 && step.before > 0 ? zeros[at] + 1 : 0
        // The dead layer is the last one that gets nothing; those before it starve because of it.
        if (zeros[at] >= STEPS) starving = at
      }
      const dead = all.first(1)
      if (starving >= 0) {
        const layer = dead >= 0 ? names[dead] : layers[starving].name
        return seen(course, layer, 1, step.before, 'error')
      }
      const most = all.first(MEASUREMENTS)
      const at = most >= 0 ? most : many.first(MEASUREMENTS)
      if (at < 0) return []
      const isLate = step.step >= LONG_STEPS || isStill(course) || (most >= 0 && step.step >= FIRST_STEPS)
      const isHarm = isLate && left(course) > UNLEARNT
      // Where the rest learns, dead units are only a waste.
      return seen(course, names[at], all.newest(at), step.before, isHarm ? 'warning' : 'info')
    }
  }
}
