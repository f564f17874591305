import { blame, culpritOf } from '../blame'
import type { Detector } from '../detector'
import { lossOfGuess } from '../guess'

/** A loss and a gradient so many times the usual ones are a spike; */
const SPIKE = 10
/** one that moved a layer this far, or whose end the loss does not find, is an alarm. */
const FAR = 0.3
const ENDLESS_STEPS = 10

/** The loss jumps far above what it was, and so do the gradients. */
export const lossSpike: Detector = (subject) => {
  let usual = NaN
  let raised = 0
  let spike: { loss: number; gradient: number; ratio: number } | undefined
  return {
    look(step, course) {
      if (step.isRefused) return []
      const { usualGradient, moved } = course
      const isSpike = step.step > 10 && step.loss > SPIKE * usual && step.before > SPIKE * usualGradient
      if (isSpike) spike = { loss: step.loss, gradient: step.before, ratio: moved.ratio }
      raised = spike && step.loss > 2 * usual ? raised + 1 : 0
      if (raised === 0) {
        usual = Number.isNaN(usual) ? step.loss : usual + 0.1 * (step.loss - usual)
        if (!isSpike && spike) spike = undefined
        return []
      }
      if (!spike) return []
      const isAlarm = spike.ratio > FAR || raised >= ENDLESS_STEPS
      return [
        {
          kind: 'lossSpike',
          severity: isAlarm ? 'warning' : 'info',
          cause:
            course.mostMoved.ratio > spike.ratio && spike.ratio < 0.1 ? blame(subject, course) : 'badBatch',
          evidence: { ...spike, usual }
        }
      ]
    }
  }
}

/** Steps for which the smoothed loss must be so many times its best, after it had its time. */
const RISEN = 2
const RISEN_STEPS = 15

/** The loss goes up and stays there. */
export const divergence: Detector = (subject) => {
  let risen = 0
  return {
    look(step, course) {
      if (step.isRefused) return []
      const floor = 0.05 * Math.abs(course.firstLoss)
      risen =
        course.loss > RISEN * Math.max(course.bestLoss, floor) &&
        step.loss > RISEN * Math.max(course.bestLoss, floor)
          ? risen + 1
          : 0
      if (risen < RISEN_STEPS) return []
      return [
        {
          kind: 'divergence',
          severity: 'error',
          cause: blame(subject, course),
          evidence: { loss: course.loss, best: course.bestLoss }
        }
      ]
    }
  }
}

/** A smoothed loss within this share of that of a guess has learnt nothing: */
const NOTHING_LEARNT = 0.98
/** of numbers, whose variance is only estimated, within this one. */
const NO_NUMBERS_LEARNT = 0.93
/** A step below it, which noise may be, takes back so many above it. */
const TAKEN_BACK = 5
/** So many steps are waited for it: half of those that are planned, within these limits. */
const LEAST_PATIENCE_STEPS = 300
const MOST_PATIENCE_STEPS = 1000

/** Nothing was learnt in many steps: the loss is that of a guess. */
export const plateau: Detector = (subject) => {
  const guess = lossOfGuess(subject)
  if (guess === undefined) return undefined
  const { steps = 0 } = subject.experiment.training
  const patience = Math.min(Math.max(steps / 2, LEAST_PATIENCE_STEPS), MOST_PATIENCE_STEPS)
  const least = subject.facts.classes === undefined ? NO_NUMBERS_LEARNT : NOTHING_LEARNT
  let stuck = 0
  return {
    look(step, course) {
      if (step.isRefused) return []
      stuck = course.loss > least * guess ? stuck + 1 : Math.max(0, stuck - TAKEN_BACK)
      if (stuck < patience) return []
      const cause = blame(subject, course)
      return [
        {
          kind: 'plateau',
          layer: culpritOf(subject, cause, undefined),
          severity: 'warning',
          cause,
          evidence: { loss: course.loss, guess }
        }
      ]
    }
  }
}
