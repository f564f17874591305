import type { Activation } from '#contract/vocabulary'

/*
 * The mean-field theory of wide nets (Poole et al., 2016; Schoenholz et al., 2017): behind many layers with weights of
 * standard deviation σ and gain s = σ·√fan-in, pre-activations are normal numbers of variance q = s²·E[φ(√q·z)²], and
 * each layer multiplies the mean square of the gradient on its way back by χ = s²·E[φ′(√q·z)²], z standard normal.
 */

interface Curve {
  value(x: number): number
  slope(x: number): number
}

const SELU_SCALE = 1.0507009873554805
const SELU_DEPTH = 1.7580993408473768
/** As in TensorFlow. */
const LEAKY_SLOPE = 0.2

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/** The activations that the theory is worked out for. */
const curves: Partial<Record<Activation, Curve>> = {
  linear: { value: (x) => x, slope: () => 1 },
  relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
  leakyRelu: { value: (x) => (x > 0 ? x : LEAKY_SLOPE * x), slope: (x) => (x > 0 ? 1 : LEAKY_SLOPE) },
  elu: { value: (x) => (x > 0 ? x : Math.expm1(x)), slope: (x) => (x > 0 ? 1 : Math.exp(x)) },
  selu: {
    value: (x) => (x > 0 ? SELU_SCALE * x : SELU_DEPTH * Math.expm1(x)),
    slope: (x) => (x > 0 ? SELU_SCALE : SELU_DEPTH * Math.exp(x))
  },
  gelu: {
    value: (x) => x * normalShare(x),
    slope: (x) => normalShare(x) + x * density(x)
  },
  silu: {
    value: (x) => x * sigmoid(x),
    slope: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x)))
  },
  softplus: { value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), slope: sigmoid },
  tanh: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 },
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * (1 - sigmoid(x)) }
}

/** Beyond this many deviations a normal number does not come; even, so that a kink at 0 lies between two intervals. */
const DEVIATIONS = 10
const INTERVALS = 4000
/** Layers after which the variance counts as settled, and the change below which it is. */
const MOST_LAYERS = 500
const SETTLED = 1e-10
/** A variance that goes to 0 or on for ever stays within these: activations are straight lines there already. */
const SMALLEST_VARIANCE = 1e-12
const LARGEST_VARIANCE = 1e12

/**
 * √χ: what the norm of the gradient with respect to activations is multiplied with by one layer of a wide and deep net.
 * `gain` is the standard deviation of the weights times the root of the fan-in. Undefined for an activation that the
 * theory is not worked out for here.
 */
export function meanFieldMultiplier(activation: Activation, gain: number): number | undefined {
  const curve = curves[activation]
  if (!curve) return undefined
  const deviation = Math.sqrt(settledVariance(curve, gain))
  return gain * Math.sqrt(expectation((z) => curve.slope(deviation * z) ** 2))
}

/** The variance of the pre-activations behind many layers, from that of inputs of scale 1 on. */
function settledVariance({ value }: Curve, gain: number): number {
  let variance = gain ** 2
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const deviation = Math.sqrt(variance)
    const next = gain ** 2 * expectation((z) => value(deviation * z) ** 2)
    if (next < SMALLEST_VARIANCE) return SMALLEST_VARIANCE
    if (next > LARGEST_VARIANCE) return LARGEST_VARIANCE
    if (Math.abs(next - variance) <= SETTLED * variance) return next
    variance = next
  }
  return variance
}

/** The mean of a function of a standard normal number, by the midpoint rule. */
function expectation(of: (z: number) => number): number {
  const width = (2 * DEVIATIONS) / INTERVALS
  let sum = 0
  for (let index = 0; index < INTERVALS; index++) {
    const z = (index + 0.5) * width - DEVIATIONS
    sum += of(z) * density(z)
  }
  return sum * width
}

/**
 * The share of normal numbers below `x`, Φ(x): a series near 0 and a continued fraction far from it (Abramowitz and
 * Stegun, 26.2.11 and 26.2.14).
 */
function normalShare(x: number): number {
  const far = Math.abs(x)
  if (far > 3) {
    let fraction = 0
    for (let k = 60; k >= 1; k--) fraction = k / (far + fraction)
    const tail = density(far) / (far + fraction)
    return x > 0 ? 1 - tail : tail
  }
  let term = x
  let sum = x
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (x * x) / (2 * k + 1)
    sum += term
  }
  return 0.5 + density(x) * sum
}
