import { Failure } from '#contract/failure'
import type { Operation } from '#contract/preparation'
import { grayscale } from './grayscale'
import type { PreparationWord } from './word'

/**
 * Images to another size, and to one or three channels: one is repeated, three become gray. To one channel before they
 * are resized, to three behind it, so that as little as possible is computed.
 */
export const resize: PreparationWord<'resize'> = ({ use, height, width, channels }, place) => {
  const { path, shape } = place
  if (shape.length !== 3) throw new Failure('data.needsImages', { path, word: use, shape: shape.join(' × ') })
  const size: Operation[] =
    shape[0] === height && shape[1] === width ? [] : [{ use: 'resize', height, width }]
  if (channels === undefined || channels === shape[2]) return size
  if (channels === 1) return [...grayscale({ use: 'grayscale' }, place), ...size]
  if (shape[2] !== 1)
    throw new Failure('data.channels', { path, word: use, expected: '1, 3', found: shape[2] })
  return [...size, { use: 'repeat', channels }]
}
