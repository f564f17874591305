import type { Course } from './course'
import type { Subject } from './detector'

/** The loss of a model that knows nothing; undefined where that cannot be told. */
export function lossOfGuess({ experiment, facts }: Subject): number | undefined {
  const { use } = experiment.loss
  if (use === 'binaryCrossEntropy') return Math.LN2
  if (use === 'softmaxCrossEntropy' || use === 'categoricalCrossEntropy')
    return facts.classes === undefined ? undefined : Math.log(facts.classes)
  return use === 'meanSquaredError' && facts.classes === undefined ? facts.targetVariance : undefined
}

/** How much is left to learn: 1 where the loss is that of a guess, or the first one where that was lower. */
export function leftToLearn(subject: Subject): (course: Course) => number {
  const guess = lossOfGuess(subject) ?? Infinity
  return ({ loss, firstLoss }) => loss / Math.min(firstLoss, guess)
}

/** A smoothed loss that is still so much of what it was falls no more. */
const STILL = 0.95

/** Says whether the smoothed loss has stopped falling; never before it can be seen. */
export const isStill = ({ loss, earlierLoss }: Course): boolean => loss > STILL * earlierLoss
