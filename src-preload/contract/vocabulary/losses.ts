import { z } from 'zod'
import { finite, oneOf, positive, word } from './words'

/** A factor of the loss; −1 turns its sign. */
const weight = finite.default(1)

export const losses = {
  softmaxCrossEntropy: word('softmaxCrossEntropy', { weight }),
  binaryCrossEntropy: word('binaryCrossEntropy', { weight }),
  categoricalCrossEntropy: word('categoricalCrossEntropy', {
    clip: z.number().min(0).lt(0.5).default(1e-7),
    weight
  }),
  meanSquaredError: word('meanSquaredError', { weight }),
  meanAbsoluteError: word('meanAbsoluteError', { weight }),
  huber: word('huber', { delta: positive.default(1), weight })
}
export const loss = oneOf([
  losses.softmaxCrossEntropy,
  losses.binaryCrossEntropy,
  losses.categoricalCrossEntropy,
  losses.meanSquaredError,
  losses.meanAbsoluteError,
  losses.huber
])
export type Loss = z.output<typeof loss>
export type LossOf<Use extends Loss['use']> = Extract<Loss, { use: Use }>
