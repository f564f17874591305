import type { Generator } from './generator'

/**
 * The absolute value: y = |x| + noise, x uniform in [−√3, √3), which has variance 1; noise normal. Narrow ReLU networks
 * are born dead on it (Lu et al., 2019).
 */
export const absolute: Generator = {
  columns: () => ['x'],
  draw:
    ({ noise }, uniform, normal) =>
    (values) => {
      const x = Math.sqrt(3) * (2 * uniform() - 1)
      values[0] = x
      return Math.abs(x) + noise * normal()
    }
}
