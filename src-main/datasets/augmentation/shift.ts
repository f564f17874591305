import { warp } from './warp'
import { within, type SampleWord } from './word'

/** Moves a picture by whole pixels, up or down and left or right, so that it stays as sharp as it is. */
export const shift: SampleWord<'shift'> = (options, values, { shape }, random) => {
  const down = Math.round(within(options.by * shape[0], random))
  const right = Math.round(within(options.by * shape[1], random))
  return warp(values, shape, options, (place) => {
    place.y -= down
    place.x -= right
  })
}
