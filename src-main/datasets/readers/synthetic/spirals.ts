import { coordinates, type Generator } from './generator'

const TURNS = 1.75
const RADIUS = 5

/**
 * Two spirals, one inside the other: (x, y) = r (sin φ, cos φ) + noise, r = 5 t, φ = 1.75 · 2π t, plus π for the second
 * class, t uniform in [0, 1), noise normal for each coordinate. Turns and radius are those of TensorFlow Playground.
 */
export const spirals: Generator = {
  columns: coordinates,
  classes: ['a', 'b'],
  draw:
    ({ noise }, uniform, normal) =>
    (values, index) => {
      const label = index % 2
      const along = uniform()
      const angle = TURNS * 2 * Math.PI * along + label * Math.PI
      values[0] = RADIUS * along * Math.sin(angle) + noise * normal()
      values[1] = RADIUS * along * Math.cos(angle) + noise * normal()
      return label
    }
}
