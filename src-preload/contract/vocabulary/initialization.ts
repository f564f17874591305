import type { z } from 'zod'
import { count, oneOf, positive, word } from './words'

/** What gives a whole model its first weights, where not every layer does so by itself. */
export const initializations = {
  lsuv: word('lsuv', { tolerance: positive.default(0.1), iterations: count.default(10) })
}
export const initialization = oneOf([initializations.lsuv])
export type Initialization = z.output<typeof initialization>
