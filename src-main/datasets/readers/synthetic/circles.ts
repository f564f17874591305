import { coordinates, type Generator } from './generator'

const RADIUS = { outer: 1, inner: 0.8 }

/**
 * Two circles, one inside the other, as scikit-learn's `make_circles` draws them: (x, y) = r (cos φ, sin φ) + noise,
 * φ uniform in [0, 2π), r = 1 for class `outer` and 0.8 for class `inner`, noise normal for each coordinate.
 */
export const circles: Generator = {
  columns: coordinates,
  classes: ['outer', 'inner'],
  draw:
    ({ noise }, uniform, normal) =>
    (values, index) => {
      const label = index % 2
      const radius = label === 0 ? RADIUS.outer : RADIUS.inner
      const angle = 2 * Math.PI * uniform()
      values[0] = radius * Math.cos(angle) + noise * normal()
      values[1] = radius * Math.sin(angle) + noise * normal()
      return label
    }
}
