import { checkBudget } from '../../files'
import { brightness, type Picture } from './picture'

/** Pictures of one size, one behind the other. */
export interface Stack {
  /** Puts a picture in its place. @throws Failure `data.overBudget` where its colours need more memory than there is */
  put(index: number, picture: Picture): void
  /** The pictures at these places, ascending, without those between them; the stack cannot be used afterwards. */
  take(kept: Uint32Array): Uint8Array<ArrayBuffer>
  readonly channels: 1 | 3
}

/**
 * Makes room for `count` pictures. Without `channels` they are gray until the first one with a colour comes, so that
 * gray pictures that are stored as colours take a third of the memory.
 * @throws Failure `data.overBudget`
 */
export function createStack(
  path: string,
  count: number,
  height: number,
  width: number,
  channels?: 1 | 3
): Stack {
  const area = height * width
  let current: 1 | 3 = channels ?? 1
  checkBudget(path, count * area * current)
  let values = new Uint8Array(count * area * current)

  function colour(): void {
    checkBudget(path, count * area * 3)
    const gray = values
    values = new Uint8Array(count * area * 3)
    for (let i = 0; i < gray.length; i++) values.fill(gray[i], 3 * i, 3 * i + 3)
    current = 3
  }

  return {
    get channels() {
      return current
    },
    put(index, picture) {
      const { pixels } = picture
      if (current === 1 && channels === undefined && picture.channels === 3 && !isGray(pixels)) colour()
      const from = index * area * current
      if (picture.channels === current) values.set(pixels, from)
      else if (current === 3)
        for (let i = 0; i < area; i++) values.fill(pixels[i], from + 3 * i, from + 3 * i + 3)
      else
        for (let i = 0; i < area; i++)
          values[from + i] = brightness(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2])
    },
    take(kept) {
      const size = area * current
      kept.forEach((index, place) => {
        if (index !== place) values.copyWithin(place * size, index * size, (index + 1) * size)
      })
      return kept.length === count ? values : values.slice(0, kept.length * size)
    }
  }
}

/** Says whether red, green and blue are the same everywhere. */
function isGray(pixels: Uint8Array): boolean {
  for (let i = 0; i < pixels.length; i += 3)
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return false
  return true
}
