/**
 * Exponential smoothing, as TensorBoard does it: m = weight · m + (1 − weight) · y, divided by 1 − weightⁿ because m
 * begins at 0 (Kingma and Ba, 2015, section 3). Values on a logarithmic axis are smoothed as log10. What is not
 * finite must be left out.
 */
export function startSmoothing(weight: number): (value: number) => number {
  let mean = 0
  let rest = 1
  return (value) => {
    mean = weight * mean + (1 - weight) * value
    rest *= weight
    return mean / (1 - rest)
  }
}

/** Values that must come before a first one so that its smoothed value is right to one per cent. */
export const leadOf = (weight: number): number => Math.ceil(Math.log(0.01) / Math.log(weight))
