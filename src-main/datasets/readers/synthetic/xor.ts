import { coordinates, type Generator } from './generator'

/**
 * Exclusive or: x and y are 0 or 1, the class is 1 where exactly one of them is 1. Without a number of samples these
 * are the four points, for training and test alike; with one, the corners come in turn, with normal noise for each
 * coordinate.
 */
export const xor: Generator = {
  fixedSamples: 4,
  columns: coordinates,
  classes: ['0', '1'],
  draw:
    ({ noise, samples }, _, normal) =>
    (values, index) => {
      const x = index & 1
      const y = (index >> 1) & 1
      const spread = samples === undefined ? 0 : noise
      values[0] = x + spread * normal()
      values[1] = y + spread * normal()
      return x ^ y
    }
}
