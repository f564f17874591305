import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensorMap, Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import {
  BINS_PER_DECADE,
  HISTOGRAM_BINS,
  HISTOGRAM_NOT_FINITE,
  HISTOGRAM_SIZE,
  HISTOGRAM_START,
  HISTOGRAM_ZERO,
  histogramSets,
  measuredColumns,
  type HistogramSet,
  type MeasuredColumn
} from '#contract/measures'
import type { Activation } from '#contract/vocabulary'

/** The kernel that an engine may have for `nonFiniteCounts`. */
const COUNTS_KERNEL = 'NonFiniteCounts'
/** Inputs beyond this magnitude saturate a sigmoid or a tanh: the slope is below 0.007, as DeepDiagnosis (2022) has it. */
const SATURATED = 5
/** Means, deviations, shares and histograms of more numbers than this are taken of some that lie evenly among them. */
const MOST_SAMPLED = 16_384
/** What stands in front of the first bin. */
const OFFSET = HISTOGRAM_START * BINS_PER_DECADE - 1

/** One layer at one step. */
export interface LayerTensors {
  /** What it gives, [batch, …]. */
  output: Tensor
  /** What enters its activation, where that is a layer of its own. */
  pre?: Tensor
  activation?: Activation
  /** Gradients and weights of its trained tensors. */
  gradients: readonly Tensor[]
  weights: readonly Tensor[]
}

/**
 * The numbers of a layer as a row has them: one for each of `measuredColumns`, and the histograms behind them where
 * they are wanted. Nothing that is not finite spoils a number that is about something else.
 */
export function measureLayer(layer: LayerTensors, hasHistograms: boolean): Tensor1D {
  const { activation } = layer
  const output = spread(layer.output)
  const pre = layer.pre && spread(layer.pre)
  const own = describe(output)
  const entering = pre && describe(pre)
  const gradients = joined(layer.gradients.map(spread))
  const weights = joined(layer.weights.map(spread))
  const columns: Record<MeasuredColumn, Tensor | undefined> = {
    outputMean: own.mean,
    outputDeviation: own.deviation,
    preMean: entering?.mean,
    preDeviation: entering?.deviation,
    largest: largestIn(finitePart(layer.output)),
    zeros: shareOf(tf.equal(output, 0)),
    dead: activation === 'relu' ? shareOf(areDead(layer.output)) : undefined,
    saturated: pre && isSquashing(activation) ? shareOf(tf.greater(tf.abs(pre), SATURATED)) : undefined,
    gradientZeros: gradients && shareOf(tf.equal(gradients, 0)),
    ...countNonFinite('Outputs', [layer.output]),
    ...countNonFinite('Gradients', layer.gradients),
    ...countNonFinite('Weights', layer.weights)
  }
  const missing = tf.scalar(NaN)
  const numbers = tf.stack(measuredColumns.map((column) => columns[column] ?? missing)) as Tensor1D
  if (!hasHistograms) return numbers
  const sets: Record<HistogramSet, Tensor | undefined> = { outputs: output, gradients, weights }
  return tf.concat([numbers, ...histogramSets.map((set) => histogramOf(sets[set]))])
}

/**
 * At most `MOST_SAMPLED` elements of a tensor at even distances, [elements]. The distance has no divisor in common with
 * the last axis, so that every unit has its share.
 */
function spread(x: Tensor): Tensor1D {
  const flat = tf.reshape(x, [-1]) as Tensor1D
  let distance = Math.ceil(x.size / MOST_SAMPLED)
  if (distance <= 1) return flat
  while (greatestDivisor(distance, x.shape[x.rank - 1]) > 1) distance++
  return tf.stridedSlice(flat, [0], [x.size], [distance]) as Tensor1D
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))

const finitePart = (x: Tensor): Tensor => tf.where(tf.isFinite(x), x, tf.zerosLike(x))
/** Two reductions instead of one of the magnitudes, which would have to be written first. */
const largestIn = (finite: Tensor): Tensor => tf.maximum(tf.max(finite), tf.neg(tf.min(finite)))

/**
 * Mean and standard deviation of what is finite. They are taken in units of the largest magnitude, so that no sum or
 * square of 32-bit numbers over- or underflows. NaN where nothing is finite.
 */
function describe(x: Tensor): { mean: Tensor; deviation: Tensor } {
  const finite = finitePart(x)
  const count = countOf(tf.isFinite(x))
  const largest = largestIn(finite)
  const scale = tf.where(tf.greater(largest, 0), largest, tf.onesLike(largest))
  const scaled = tf.div(finite, scale)
  const mean = tf.div(tf.sum(scaled), count)
  // What is not finite stands as zero among the numbers: its squared distance from the mean is taken off again.
  const missing = tf.mul(tf.sub(x.size, count), tf.square(mean))
  const squares = tf.sub(tf.sum(tf.squaredDifference(scaled, mean)), missing)
  const deviation = tf.sqrt(tf.div(tf.maximum(squares, 0), count))
  return { mean: tf.mul(mean, scale), deviation: tf.mul(deviation, scale) }
}

/** Says of each unit of a ReLU, an index of the last axis, whether it is zero everywhere else; NaN is not. */
const areDead = (output: Tensor): Tensor => {
  const byUnit = tf.reshape(output, [-1, output.shape[output.rank - 1]])
  return tf.equal(tf.sum(byUnit, 0), 0)
}

const isSquashing = (activation: Activation | undefined): boolean =>
  activation === 'sigmoid' || activation === 'tanh'

const countOf = (those: Tensor): Scalar => tf.sum(tf.cast(those, 'float32'))
const shareOf = (those: Tensor): Scalar => tf.div(countOf(those), those.size)

/** How many elements of a tensor are NaN, and how many Inf, [2]. */
export function nonFiniteCounts(x: Tensor): Tensor1D {
  const nan = countOf(tf.isNaN(x))
  const composed = tf.stack([nan, tf.sub(tf.sub(x.size, countOf(tf.isFinite(x))), nan)]) as Tensor1D
  if (!tf.getKernel(COUNTS_KERNEL, tf.getBackend())) return composed
  return tf.engine().runKernel(COUNTS_KERNEL, { x, composed } as NamedTensorMap)
}

type NonFiniteOf = 'Outputs' | 'Gradients' | 'Weights'

/** How many elements of some tensors are NaN, and how many Inf; undefined where there are no tensors. */
function countNonFinite<Of extends NonFiniteOf>(
  of: Of,
  tensors: readonly Tensor[]
): Record<`nan${Of}` | `infinite${Of}`, Tensor | undefined> {
  const [nan, infinite] = tensors.length === 0 ? [] : tf.unstack(tf.addN(tensors.map(nonFiniteCounts)))
  return { [`nan${of}`]: nan, [`infinite${of}`]: infinite } as Record<
    `nan${Of}` | `infinite${Of}`,
    Tensor | undefined
  >
}

/** All elements of some tensors in one vector; undefined where there are none. */
const joined = (tensors: readonly Tensor[]): Tensor1D | undefined =>
  tensors.length === 0 ? undefined : tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1]) as Tensor1D))

/** −1, 0 or 1; an engine's own `sign` may take 1e-7 for zero. */
const signOf = (x: Tensor): Tensor =>
  tf.sub(tf.cast(tf.greater(x, 0), 'float32'), tf.cast(tf.less(x, 0), 'float32'))

/** How many elements fall into each bin, [HISTOGRAM_SIZE]; zeros where there is nothing. */
export function histogramOf(x: Tensor | undefined): Tensor1D {
  if (!x) return tf.zeros([HISTOGRAM_SIZE])
  const flat = tf.reshape(x, [-1])
  // Bins are counted from 1, so that a sign makes them a place left or right of zero; log(0), −Inf, is clipped too.
  const place = tf.sub(tf.mul(tf.log(tf.abs(flat)), BINS_PER_DECADE / Math.LN10), OFFSET)
  const bin = tf.floor(tf.clipByValue(place, 1, HISTOGRAM_BINS))
  const signed = tf.add(tf.mul(signOf(flat), bin), HISTOGRAM_ZERO)
  const index = tf.where(tf.isFinite(flat), signed, tf.fill(flat.shape, HISTOGRAM_NOT_FINITE))
  return tf.bincount(tf.cast(index, 'int32') as Tensor1D, tf.tensor1d([], 'float32'), HISTOGRAM_SIZE)
}
