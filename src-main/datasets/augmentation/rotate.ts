import { warp } from './warp'
import { within, type SampleWord } from './word'

/** Turns a picture about its middle, to either side. */
export const rotate: SampleWord<'rotate'> = (options, values, { shape }, random) => {
  const angle = (within(options.degrees, random) * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const [middleY, middleX] = [(shape[0] - 1) / 2, (shape[1] - 1) / 2]
  return warp(values, shape, options, (place) => {
    const [y, x] = [place.y - middleY, place.x - middleX]
    place.y = middleY + cos * y + sin * x
    place.x = middleX + cos * x - sin * y
  })
}
