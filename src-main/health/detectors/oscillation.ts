import { blame } from '../blame'
import type { Detector } from '../detector'
import { isStill, leftToLearn } from '../guess'

/** How far one loss moves the smoothed one that is watched: what jumps at every step still shows. */
const SHARE = 0.7
/** A swing is a rise or fall of the smoothed loss by this factor. */
const SWING = 1.4
/** So many swings within the last steps, */
const SWINGS = 8
const STEPS = 80
/** while the loss does not fall, so much is left to learn, */
const UNLEARNT = 0.5
/** and weights move so far that noise of the batches cannot be all of it. */
const MOVING = 0.02

/**
 * The loss jumps up and down without getting better. The wobble at the edge of stability gets better all the while, and
 * noise of small batches comes with short steps.
 */
export const oscillation: Detector = (subject) => {
  const left = leftToLearn(subject)
  /** Steps of the last swings, the oldest first to go. */
  const swings = new Float64Array(SWINGS).fill(-Infinity)
  let swing = 0
  let smooth = NaN
  let [low, high] = [NaN, NaN]
  let [bottom, top] = [NaN, NaN]
  let isRising = true

  function follow(step: number): void {
    if (isRising) high = Math.max(high, smooth)
    else low = Math.min(low, smooth)
    const turned = isRising ? smooth * SWING < high : smooth > SWING * low
    if (!turned) return
    if (isRising) {
      top = high
      low = smooth
    } else {
      bottom = low
      high = smooth
    }
    isRising = !isRising
    swings[swing] = step
    swing = (swing + 1) % SWINGS
  }

  return {
    look(step, course) {
      if (step.isRefused || !(step.loss > 0)) return []
      if (Number.isNaN(smooth)) smooth = low = high = step.loss
      smooth += SHARE * (step.loss - smooth)
      follow(step.step)
      const oldest = swings[swing]
      if (step.step - oldest > STEPS || !isStill(course)) return []
      if (left(course) < UNLEARNT || course.usualMove < MOVING) return []
      return [
        {
          kind: 'oscillation',
          severity: 'warning',
          cause: blame(subject, course),
          evidence: {
            swings: SWINGS,
            steps: step.step - oldest,
            low: bottom,
            high: top,
            move: course.usualMove
          }
        }
      ]
    }
  }
}
