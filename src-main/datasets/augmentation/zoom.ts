import { warp } from './warp'
import { within, type SampleWord } from './word'

/** Makes what a picture shows larger or smaller about its middle; the picture keeps its size. */
export const zoom: SampleWord<'zoom'> = (options, values, { shape }, random) => {
  const factor = 1 + within(options.by, random)
  const [middleY, middleX] = [(shape[0] - 1) / 2, (shape[1] - 1) / 2]
  return warp(values, shape, options, (place) => {
    place.y = middleY + (place.y - middleY) / factor
    place.x = middleX + (place.x - middleX) / factor
  })
}
