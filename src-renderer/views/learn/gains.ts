/** Gains that theory is told for: those of LeCun, Glorot and He weights among them. */
export const gains = [0.5, 1, Math.SQRT2, 2, 4, 8, 10, 12, 16]

/** What layers of an activation multiply gradients by at each of the gains. */
export interface GainRow {
  activation: 'sigmoid' | 'tanh' | 'relu'
  factors: readonly number[]
}

/**
 * What theory says, as numbers: to work them out by `contract/mean-field` takes most of a second, and they are always the
 * same. A test works them out.
 */
export const gainRows: readonly GainRow[] = [
  {
    activation: 'sigmoid',
    factors: [0.12311, 0.23605, 0.31777, 0.41422, 0.63157, 0.89153, 0.99288, 1.0842, 1.2464]
  },
  {
    activation: 'tanh',
    factors: [0.5, 0.999, 1.0514, 1.1673, 1.5417, 2.1177, 2.3548, 2.5703, 2.9549]
  },
  {
    activation: 'relu',
    factors: [0.35355, 0.70711, 1, 1.4142, 2.8284, 5.6569, 7.0711, 8.4853, 11.314]
  }
]

/** The gain above which a layer of sigmoids multiplies gradients by more than 1, by the same theory. */
export const SIGMOID_BORDER = 10.149
