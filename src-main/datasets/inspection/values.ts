import type { FeatureValues, Samples } from '../reader'

/** Smallest and largest value. */
export function rangeOf(features: FeatureValues): [number, number] {
  let smallest = Infinity
  let largest = -Infinity
  for (let i = 0; i < features.length; i++) {
    const value = features[i]
    if (value < smallest) smallest = value
    if (value > largest) largest = value
  }
  return [smallest, largest]
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
