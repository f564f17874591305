import type { Look } from '#contract/look'
import { sizeOf } from '../models/layer'

/** What a layer gives for one sample. */
export type Activation = Look['activations'][number]

/** Nobody looks at more bars than this, nor at more maps. */
const MOST_UNITS = 1024
const MOST_CHANNELS = 32

/**
 * Cuts activations so that they hold at most `budget` numbers together. Of a vector the first 1,024 numbers stay, of
 * maps [height, width, channels] the first 32 channels. Where that is too much still, small ones stay as they are and
 * the others share the rest evenly: fewer numbers or channels, and where not even one channel fits, every second,
 * third, … row and column of it. Each has the shape of what is left.
 */
export function fitActivations(activations: readonly Activation[], budget: number): Activation[] {
  const viewed = activations.map((activation) => cut(activation, MOST_UNITS, MOST_CHANNELS))
  const fitted = new Map<string, Activation>()
  let left = budget
  const smallFirst = [...viewed].sort((a, b) => a.values.length - b.values.length)
  smallFirst.forEach((activation, index) => {
    const share = Math.max(1, Math.floor(left / (smallFirst.length - index)))
    const { layer, values } = activation
    const fitting = values.length <= share ? activation : shrink(activation, share)
    fitted.set(layer, fitting)
    left -= fitting.values.length
  })
  return viewed.map(({ layer }) => fitted.get(layer) as Activation)
}

/** At most `most` numbers of an activation, as few channels and then as few places of it as that takes. */
function shrink(activation: Activation, most: number): Activation {
  const { shape } = activation
  if (shape.length === 1) return cut(activation, most, 0)
  const places = (stride: number): number =>
    sizeOf(shape.slice(0, -1).map((length) => Math.ceil(length / stride)))
  let stride = 1
  while (places(stride) > most) stride++
  return cut(activation, 0, Math.floor(most / places(stride)), stride)
}

/** The first units of a vector, or the first channels of maps at every `stride`th row and column. */
function cut({ layer, shape, values }: Activation, units: number, channels: number, stride = 1): Activation {
  if (shape.length === 1) {
    const kept = values.slice(0, units)
    return { layer, shape: [kept.length], values: kept }
  }
  const all = shape[shape.length - 1]
  const kept = Math.min(all, channels)
  const places = placesOf(shape.slice(0, -1), stride)
  const taken = new Float32Array(places.length * kept)
  places.forEach((place, index) => taken.set(values.subarray(place * all, place * all + kept), index * kept))
  return {
    layer,
    shape: [...shape.slice(0, -1).map((length) => Math.ceil(length / stride)), kept],
    values: taken
  }
}

/** The places of a grid, in order, at every `stride`th position along each axis. */
const placesOf = (grid: readonly number[], stride: number): number[] =>
  grid.reduce(
    (places, length) =>
      places.flatMap((place) =>
        Array.from({ length: Math.ceil(length / stride) }, (_, index) => place * length + index * stride)
      ),
    [0]
  )
