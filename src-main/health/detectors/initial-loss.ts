import { blame } from '../blame'
import type { Detector } from '../detector'
import { lossOfGuess } from '../guess'

/** A first loss so many times that of a guess is worth knowing; beyond the second number it is an alarm. */
const NOTABLE = 3
const ALARMING = 10

/** The first loss is far above that of a guess: something is out of scale before anything was learnt. */
export const badInitialLoss: Detector = (subject) => {
  const guess = lossOfGuess(subject)
  if (guess === undefined || !(guess > 0)) return undefined
  // A model that answers zero has the mean of the targets against it besides their variance.
  const zero = Math.max(
    guess,
    subject.facts.classes === undefined ? (subject.facts.targetScale ?? 0) ** 2 : 0
  )
  return {
    look(step, course) {
      if (step.step !== 1 || !(step.loss > NOTABLE * zero)) return []
      return sightings(step.loss, zero, blame(subject, course))
    }
  }
}

const sightings = (loss: number, guess: number, cause: ReturnType<typeof blame>) => [
  {
    kind: 'badInitialLoss' as const,
    severity: loss > ALARMING * guess ? ('warning' as const) : ('info' as const),
    cause,
    evidence: { loss, guess }
  }
]
