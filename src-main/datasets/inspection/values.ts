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
  // A sample of one value cannot be told from a blank one.
  if (size === 1) return []
  const blank: number[] = []
  for (let index = 0; index < count; index++) {
    const from = index * size
    let i = 1
    while (i < size && features[from + i] === features[from]) i++
    if (i === size) blank.push(index)
  }
  return blank
}
