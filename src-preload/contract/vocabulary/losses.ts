import type { z } from 'zod'
import { finite, oneOf, word } from './words'

/** A factor of the loss; −1 turns its sign. */
const weight = finite.default(1)

export const losses = {
  softmaxCrossEntropy: word('softmaxCrossEntropy', { weight }),
  meanSquaredError: word('meanSquaredError', { weight })
}
export const loss = oneOf([losses.softmaxCrossEntropy, losses.meanSquaredError])
export type Loss = z.output<typeof loss>
