import { z } from 'zod'
import { oneOf, word } from './words'

export const sources = {
  mnist: word('mnist', {}),
  digits: word('digits', {}),
  idx: word('idx', {
    images: z.string().min(1),
    labels: z.string().min(1),
    testImages: z.string().min(1).optional(),
    testLabels: z.string().min(1).optional()
  })
}
export const source = oneOf([sources.mnist, sources.digits, sources.idx])
export type Source = z.output<typeof source>
