import type { FeatureValues, Samples } from '../reader'

/** Smallest and largest finite value; undefined where there is none. */
export function rangeOf(features: FeatureValues): [number, number] | undefined {
  let smallest = Infinity
  let largest = -Infinity
  for (let i = 0; i < features.length; i++) {
    const value = features[i]
    // NaN and Inf are the numbers whose difference with themselves is not 0.
    if (value - value !== 0) continue
    if (value < smallest) smallest = value
    if (value > largest) largest = value
  }
  return smallest <= largest ? [smallest, largest] : undefined
}

/** Positions of samples whose values are all the same; `size` values make a sample. */
export function findBlank({ features, count }: Samples, size: number): number[] {
  const blank: number[] = []
  for (let index = 0; index < count; index++) if (isBlank(features, index * size, size)) blank.push(index)
  return blank
}

/** Says whether `size` values from `from` on are all the same; one value alone cannot be told from a blank one. */
export function isBlank(features: FeatureValues, from: number, size: number): boolean {
  let i = 1
  while (i < size && features[from + i] === features[from]) i++
  return size > 1 && i === size
}

/** Positions of samples that hold a NaN or an Inf, and for each of them the place of the first one in it. */
export function findNonFinite(
  { features, count }: Samples,
  size: number
): { positions: number[]; places: number[] } {
  const found = { positions: [] as number[], places: [] as number[] }
  if (features instanceof Uint8Array) return found
  for (let index = 0; index < count; index++)
    for (let i = 0; i < size; i++)
      if (!Number.isFinite(features[index * size + i])) {
        found.positions.push(index)
        found.places.push(i)
        break
      }
  return found
}
