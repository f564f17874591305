import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import {
  BINS_PER_DECADE,
  HISTOGRAM_BINS,
  HISTOGRAM_NOT_FINITE,
  HISTOGRAM_POSITIVE,
  HISTOGRAM_SIZE,
  HISTOGRAM_START,
  HISTOGRAM_ZERO,
  histogramSets,
  measuredColumns,
  type HistogramSet,
  type MeasuredColumn
} from '#contract/measures'
import type { Activation } from '#contract/vocabulary'

/** Inputs beyond this magnitude saturate a sigmoid or a tanh: the slope is below 0.007, as DeepDiagnosis (2022) has it. */
const SATURATED = 5

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
  const { output, pre, activation } = layer
  const own = describe(output)
  const entering = pre && describe(pre)
  const gradients = joined(layer.gradients)
  const weights = joined(layer.weights)
  const columns: Record<MeasuredColumn, Tensor | undefined> = {
    outputMean: own.mean,
    outputDeviation: own.deviation,
    preMean: entering?.mean,
    preDeviation: entering?.deviation,
    largest: own.largest,
    zeros: shareOf(tf.equal(output, 0)),
    dead: activation === 'relu' ? shareOf(areDead(output)) : undefined,
    saturated: pre && isSquashing(activation) ? shareOf(tf.greater(tf.abs(pre), SATURATED)) : undefined,
    gradientZeros: gradients && shareOf(tf.equal(gradients, 0)),
    nanOutputs: countOf(tf.isNaN(output)),
    infiniteOutputs: countOf(tf.isInf(output)),
    nanGradients: gradients && countOf(tf.isNaN(gradients)),
    infiniteGradients: gradients && countOf(tf.isInf(gradients)),
    nanWeights: weights && countOf(tf.isNaN(weights)),
    infiniteWeights: weights && countOf(tf.isInf(weights))
  }
  const missing = tf.scalar(NaN)
  const numbers = tf.stack(measuredColumns.map((column) => columns[column] ?? missing)) as Tensor1D
  if (!hasHistograms) return numbers
  const sets: Record<HistogramSet, Tensor | undefined> = { outputs: output, gradients, weights }
  return tf.concat([numbers, ...histogramSets.map((set) => histogramOf(sets[set]))])
}

/**
 * Mean, standard deviation and largest magnitude of what is finite. They are taken in units of the largest magnitude, so
 * that no sum or square of 32-bit numbers over- or underflows. NaN where nothing is finite.
 */
function describe(x: Tensor): { mean: Tensor; deviation: Tensor; largest: Tensor } {
  const isFinite = tf.isFinite(x)
  const finite = tf.where(isFinite, x, tf.zerosLike(x))
  const count = countOf(isFinite)
  const largest = tf.max(tf.abs(finite))
  const scale = tf.where(tf.greater(largest, 0), largest, tf.onesLike(largest))
  const scaled = tf.div(finite, scale)
  const mean = tf.div(tf.sum(scaled), count)
  const distances = tf.where(isFinite, tf.sub(scaled, mean), tf.zerosLike(x))
  const deviation = tf.sqrt(tf.div(tf.sum(tf.square(distances)), count))
  return { mean: tf.mul(mean, scale), deviation: tf.mul(deviation, scale), largest }
}

/** Says of each unit, an index of the last axis, whether it is zero everywhere else. */
const areDead = (output: Tensor): Tensor =>
  tf.all(tf.equal(tf.reshape(output, [-1, output.shape[output.rank - 1]]), 0), 0)

const isSquashing = (activation: Activation | undefined): boolean =>
  activation === 'sigmoid' || activation === 'tanh'

const countOf = (those: Tensor): Scalar => tf.sum(tf.cast(those, 'float32'))
const shareOf = (those: Tensor): Scalar => tf.div(countOf(those), those.size)

/** All elements of some tensors in one vector; undefined where there are none. */
const joined = (tensors: readonly Tensor[]): Tensor1D | undefined =>
  tensors.length === 0 ? undefined : tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1]) as Tensor1D))

/** How many elements fall into each bin, [HISTOGRAM_SIZE]; zeros where there is nothing. */
export function histogramOf(x: Tensor | undefined): Tensor1D {
  if (!x) return tf.zeros([HISTOGRAM_SIZE])
  const flat = tf.reshape(x, [-1])
  const isFinite = tf.isFinite(flat)
  const magnitude = tf.abs(flat)
  const isZero = tf.equal(flat, 0)
  const measurable = tf.logicalAnd(isFinite, tf.logicalNot(isZero))
  const decades = tf.div(tf.log(tf.where(measurable, magnitude, tf.onesLike(flat))), Math.LN10)
  const place = tf.floor(tf.mul(tf.sub(decades, HISTOGRAM_START), BINS_PER_DECADE))
  const bin = tf.clipByValue(place, 0, HISTOGRAM_BINS - 1)
  const signed = tf.where(tf.greater(flat, 0), tf.add(bin, HISTOGRAM_POSITIVE), bin)
  const orZero = tf.where(isZero, tf.fill(flat.shape, HISTOGRAM_ZERO), signed)
  const index = tf.where(isFinite, orZero, tf.fill(flat.shape, HISTOGRAM_NOT_FINITE))
  return tf.bincount(tf.cast(index, 'int32') as Tensor1D, tf.tensor1d([], 'float32'), HISTOGRAM_SIZE)
}
