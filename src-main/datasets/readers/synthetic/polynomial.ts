import type { Generator } from './generator'

const RANGE = 5
const FACTOR = 5

/**
 * A parabola: y = 5 x² + noise, x uniform in [−5, 5), noise normal. Its targets reach 125, and their variance 1,389:
 * what is not scaled explodes on it.
 */
export const polynomial: Generator = {
  columns: () => ['x'],
  draw:
    ({ noise }, uniform, normal) =>
    (values) => {
      const x = RANGE * (2 * uniform() - 1)
      values[0] = x
      return FACTOR * x * x + noise * normal()
    }
}
