import type { Generator } from './generator'

/**
 * The adding problem (Hochreiter and Schmidhuber, 1997, as Arjovsky, Shah and Bengio, 2016, pose it): a sequence of
 * [value, marker], values uniform in [0, 1); one marker in the first half and one in the second are 1, all others 0.
 * The target is the sum of the two marked values, plus normal noise. Who always says 1 has a mean squared error of 1/6.
 */
export const adding: Generator = {
  featureShape: ({ length }) => [length, 2],
  draw({ noise, length }, uniform, normal) {
    const half = Math.floor(length / 2)
    return (values) => {
      for (let step = 0; step < length; step++) {
        values[2 * step] = uniform()
        values[2 * step + 1] = 0
      }
      const first = Math.floor(uniform() * half)
      const second = half + Math.floor(uniform() * (length - half))
      values[2 * first + 1] = 1
      values[2 * second + 1] = 1
      return values[2 * first] + values[2 * second] + noise * normal()
    }
  }
}
