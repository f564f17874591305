import { coordinates, type Generator } from './generator'

/** Two of them are near each other, and all are far from 0: with noise 2 some 80 % can be told apart. */
const CENTRES = [
  [-1.3, -9.5],
  [1, -1.3],
  [-1.6, -3.4]
]

/**
 * Three clouds of points: (x, y) = centre of the class + noise, noise normal for each coordinate. The centres are near
 * those of AUTOTRAINER's failure (scikit-learn's `make_blobs` with seed 2): (−1.3, −9.5), (1, −1.3), (−1.6, −3.4).
 */
export const blobs: Generator = {
  usualNoise: 1,
  columns: coordinates,
  classes: ['a', 'b', 'c'],
  draw:
    ({ noise }, _, normal) =>
    (values, index) => {
      const label = index % CENTRES.length
      values[0] = CENTRES[label][0] + noise * normal()
      values[1] = CENTRES[label][1] + noise * normal()
      return label
    }
}
