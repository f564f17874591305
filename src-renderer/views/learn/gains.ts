import { meanFieldMultiplier } from '#contract/mean-field'

/** Gains that theory is told for: those of LeCun, Glorot and He weights among them. */
export const gains = [0.5, 1, Math.SQRT2, 2, 4, 8, 10, 12, 16]

/** Activations that theory is told for, what they multiply gradients by at these gains. */
export interface GainRow {
  activation: 'sigmoid' | 'tanh' | 'relu'
  factors: number[]
}

/** What theory says about gains. */
export interface Theory {
  rows: GainRow[]
  /** The gain above which a layer of sigmoids multiplies gradients by more than 1. */
  border: number
}

/** Between these the border of sigmoid lies, and so near it is found. */
const BORDER_RANGE = { low: 1, high: 100 }
const PRECISION = 1e-3

let known: Theory | undefined

/** What theory says; it is worked out once, which takes some tenths of a second. */
export const theory = (): Theory =>
  (known ??= {
    rows: (['sigmoid', 'tanh', 'relu'] as const).map((activation) => ({
      activation,
      factors: gains.map((gain) => meanFieldMultiplier(activation, gain) ?? NaN)
    })),
    border: sigmoidBorder()
  })

function sigmoidBorder(): number {
  let { low, high } = BORDER_RANGE
  while (high - low > PRECISION) {
    const middle = (low + high) / 2
    if ((meanFieldMultiplier('sigmoid', middle) ?? 0) > 1) high = middle
    else low = middle
  }
  return (low + high) / 2
}
