import { z } from 'zod'
import { finite, oneOf, word } from './words'

export const preparations = {
  scale: word('scale', { by: finite, on: z.enum(['features', 'targets']).default('features') })
}
export const preparation = oneOf([preparations.scale])
export type Preparation = z.output<typeof preparation>
