import type { Generator } from './generator'

const LARGEST_WEIGHT = 100

/**
 * A linear regression, as scikit-learn's `make_regression` draws it: y = Σ wᵢ xᵢ + noise over the first `informative` of
 * the `features` values; xᵢ standard normal, wᵢ uniform in [0, 100), noise normal.
 */
export const regression: Generator = {
  columns: ({ features }) => Array.from({ length: features }, (_, place) => `x${place + 1}`),
  draw({ noise, features, informative }, uniform, normal) {
    const weights = Array.from({ length: informative }, () => LARGEST_WEIGHT * uniform())
    return (values) => {
      for (let place = 0; place < features; place++) values[place] = normal()
      return weights.reduce((sum, weight, place) => sum + weight * values[place], 0) + noise * normal()
    }
  }
}
