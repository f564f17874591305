import { Failure } from '#contract/failure'
import type { PreparationWord } from './word'

/** Images of red, green and blue as one channel of brightness; what is gray stays as it is. */
export const grayscale: PreparationWord<'grayscale'> = ({ use }, { path, shape }) => {
  if (shape.length !== 3) throw new Failure('data.needsImages', { path, word: use, shape: shape.join(' × ') })
  if (shape[2] === 1) return []
  if (shape[2] !== 3)
    throw new Failure('data.channels', { path, word: use, expected: '1, 3', found: shape[2] })
  return [{ use: 'grayscale' }]
}
