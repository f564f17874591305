import { blame } from '../blame'
import type { Detector } from '../detector'
import { isStill, leftToLearn, lossOfGuess } from '../guess'
import { followShare, namesOf } from '../measured-layers'

/** Of a layer this share of the sigmoid or tanh units has inputs beyond ±5, */
const SATURATED = 0.35
/** at so many measurements in a row. */
const MEASUREMENTS = 4
/** So much is left to learn where that does harm: the loss falls no more, */
const LEFT = 0.4
/** or it has hardly fallen in so many steps. */
const UNLEARNT = 0.8
const LONG_STEPS = 100
/** A layer of which nearly everything is saturated learns nothing itself, though others may. */
const ALL = 0.9
const FIRST_STEPS = 40
/** Units that are saturated before anything was learnt also show in a first loss so many times that of a guess. */
const BAD_LOSS = 2

/** Units of sigmoid or tanh sit where their curve is flat: hardly any gradient passes, and learning suffers. */
export const saturation: Detector = (subject) => {
  const names = namesOf(subject)
  const some = followShare(subject, 'saturated', SATURATED)
  const all = followShare(subject, 'saturated', ALL)
  const left = leftToLearn(subject)
  const guess = lossOfGuess(subject) ?? Infinity
  return {
    look(step, course) {
      const { measurement } = step
      if (measurement) {
        some.add(measurement)
        all.add(measurement)
      }
      const most = all.first(MEASUREMENTS)
      const at = most >= 0 ? most : some.first(MEASUREMENTS)
      if (at < 0) return []
      const layer = names[at]
      const much = left(course)
      const isStuck = (much > LEFT && isStill(course)) || (much > UNLEARNT && step.step >= LONG_STEPS)
      const isLost = much > LEFT && step.step >= FIRST_STEPS && most >= 0
      const isHarm = isStuck || isLost || course.firstLoss > BAD_LOSS * guess
      const cause = blame(subject, course, layer)
      return [
        {
          kind: 'saturation',
          layer,
          // Features that were learnt may well be switches.
          severity: isHarm ? 'warning' : 'info',
          cause,
          evidence: { percent: Math.round(100 * all.newest(at)), loss: course.loss }
        }
      ]
    }
  }
}
