import { warp } from './warp'
import type { SampleWord } from './word'

/** Mirrors a picture, with a certain probability along each of its axes. */
export const flip: SampleWord<'flip'> = ({ axis, probability }, values, { shape }, random) => {
  const [height, width] = shape
  const isMirrored = axis !== 'vertical' && random() < probability
  const isUpsideDown = axis !== 'horizontal' && random() < probability
  return warp(values, shape, { fill: 'edge', value: 0 }, (place) => {
    if (isUpsideDown) place.y = height - 1 - place.y
    if (isMirrored) place.x = width - 1 - place.x
  })
}
