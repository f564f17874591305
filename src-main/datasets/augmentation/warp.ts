import type { Values } from './word'

/** What stands where a place lies beyond the picture: one value, or what the edge has there. */
export interface Gap {
  fill: 'value' | 'edge'
  value: number
}

/** A place in a picture, in pixels from the centre of the first one; whole numbers are centres. */
export interface Place {
  y: number
  x: number
}

/**
 * A picture [height, width, channels] whose every pixel comes from another place of the old one, between pixels
 * bilinearly. `locate` moves the place of a new pixel to where it comes from.
 */
export function warp(
  values: Values,
  [height, width, channels]: readonly number[],
  gap: Gap,
  locate: (place: Place) => void
): Values {
  const result = new Float32Array(values.length)
  const place: Place = { y: 0, x: 0 }
  const isEdge = gap.fill === 'edge'
  const inside = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at))
  const pixel = (y: number, x: number, channel: number): number => {
    if (isEdge) return values[(inside(y, height) * width + inside(x, width)) * channels + channel]
    if (y < 0 || y >= height || x < 0 || x >= width) return gap.value
    return values[(y * width + x) * channels + channel]
  }
  let to = 0
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      place.y = y
      place.x = x
      locate(place)
      const top = Math.floor(place.y)
      const left = Math.floor(place.x)
      const down = place.y - top
      const right = place.x - left
      for (let channel = 0; channel < channels; channel++) {
        const above = mix(pixel(top, left, channel), pixel(top, left + 1, channel), right)
        const below = mix(pixel(top + 1, left, channel), pixel(top + 1, left + 1, channel), right)
        result[to++] = mix(above, below, down)
      }
    }
  return result
}

const mix = (from: number, to: number, share: number): number => from + (to - from) * share
