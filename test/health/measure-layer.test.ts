import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  HISTOGRAM_BINS,
  HISTOGRAM_NOT_FINITE,
  HISTOGRAM_SIZE,
  HISTOGRAM_ZERO,
  measuredColumns,
  type MeasuredColumn
} from '#contract/measures'
import { startEngine } from '../../src-main/engine/backends'
import { histogramOf, measureLayer, type LayerTensors } from '../../src-main/health/measure-layer'

const measure = (layer: () => LayerTensors): Record<MeasuredColumn, number> => {
  const values = tf.tidy(() => measureLayer(layer(), false).dataSync())
  return Object.fromEntries(measuredColumns.map((column, index) => [column, values[index]])) as Record<
    MeasuredColumn,
    number
  >
}

describe.each(['native-cpu', 'wasm', 'cpu'] as const)('on %s', (engine) => {
  beforeAll(async () => void (await startEngine(engine)))

  test('a unit that is zero for the whole batch is dead, one that is zero for a sample is not', () => {
    const found = measure(() => ({
      pre: tf.tensor2d([
        [-1, 2, -3],
        [-2, -1, -1],
        [-5, 4, -2]
      ]),
      output: tf.tensor2d([
        [0, 2, 0],
        [0, 0, 0],
        [0, 4, 0]
      ]),
      activation: 'relu',
      gradients: [tf.tensor1d([0, 0, 3]), tf.tensor2d([[0, 1, 0]])],
      weights: [tf.tensor1d([1, 2, 3])]
    }))
    expect(found).toMatchObject({
      largest: 4,
      saturated: NaN,
      nanOutputs: 0,
      infiniteOutputs: 0,
      nanGradients: 0,
      infiniteWeights: 0
    })
    expect(found.dead).toBeCloseTo(2 / 3, 6)
    expect(found.zeros).toBeCloseTo(7 / 9, 6)
    expect(found.gradientZeros).toBeCloseTo(4 / 6, 6)
    expect(found.outputMean).toBeCloseTo(6 / 9, 6)
    expect(found.outputDeviation).toBeCloseTo(Math.sqrt(20 / 9 - (6 / 9) ** 2), 5)
    expect(found.preMean).toBeCloseTo(-1, 6)
  })

  test('of many outputs some are taken that lie evenly, every unit among them, and a dead one is found in all', () => {
    const [samples, units] = [16_384, 10]
    const { outputMean, zeros, dead } = measure(() => {
      // The last unit is always zero; the one before speaks in a single sample alone.
      const values = Float32Array.from({ length: samples * units }, (_, index) =>
        index % units === 9 || (index % units === 8 && index !== 18) ? 0 : 1
      )
      const output = tf.tensor2d(values, [samples, units])
      return { output, pre: output, activation: 'relu', gradients: [], weights: [] }
    })
    expect(dead).toBeCloseTo(0.1, 6)
    expect(zeros).toBeCloseTo(0.2, 3)
    expect(outputMean).toBeCloseTo(0.8, 3)
  })

  test('a channel is dead when it is zero at every place of every map', () => {
    const output = [0, 1, 0, 0, 0, 0, 0, 0]
    const { dead } = measure(() => ({
      output: tf.tensor4d(output, [1, 2, 2, 2]),
      pre: tf.tensor4d(output, [1, 2, 2, 2]),
      activation: 'relu',
      gradients: [],
      weights: []
    }))
    expect(dead).toBe(0.5)
  })

  test('a sigmoid and a tanh are saturated where hardly any gradient passes', () => {
    const pre = [-30, -5.1, -4, 0, 4.9, 5.1, 80, 1]
    for (const activation of ['sigmoid', 'tanh'] as const) {
      const found = measure(() => ({
        pre: tf.tensor2d(pre, [2, 4]),
        output: tf[activation](tf.tensor2d(pre, [2, 4])),
        activation,
        gradients: [],
        weights: []
      }))
      expect([found.saturated, found.dead, found.gradientZeros]).toEqual([0.5, NaN, NaN])
    }
  })

  test('what is not finite is counted and spoils nothing, and Inf is told from NaN', () => {
    const found = measure(() => ({
      output: tf.tensor2d([[NaN, Infinity, -Infinity, 1, 3]]),
      gradients: [tf.tensor1d([NaN, NaN, 0, 1])],
      weights: [tf.tensor1d([Infinity, 1])]
    }))
    expect(found).toMatchObject({
      outputMean: 2,
      largest: 3,
      preMean: NaN,
      nanOutputs: 1,
      infiniteOutputs: 2,
      nanGradients: 2,
      infiniteGradients: 0,
      nanWeights: 0,
      infiniteWeights: 1,
      gradientZeros: 0.25
    })
    expect(found.outputDeviation).toBeCloseTo(1, 6)
  })

  test('means and deviations of enormous and of tiny numbers are right', () => {
    for (const scale of [1e38, 1e-30]) {
      const { outputMean, outputDeviation } = measure(() => ({
        output: tf.tensor2d([[scale, -scale, scale, -scale, 3 * scale, 3 * scale]]),
        gradients: [],
        weights: []
      }))
      expect(outputMean / scale).toBeCloseTo(1, 5)
      expect(outputDeviation / scale).toBeCloseTo(Math.sqrt(22 / 6 - 1), 5)
    }
  })

  test('a histogram counts every element once, by sign and magnitude', () => {
    const counts = tf.tidy(() =>
      histogramOf(tf.tensor1d([0, 0, NaN, -Infinity, 2, 2.5, -2, 1e-30, 1e20, -0.02, 5])).dataSync()
    )
    expect(counts.length).toBe(HISTOGRAM_SIZE)
    const filled = Object.fromEntries([...counts.entries()].filter(([, count]) => count > 0))
    // Half decades from 1e-16: 2 and 2.5 lie in the 33rd, 5 in the 34th, 0.02 in the 29th; the negative ones mirrored.
    expect(filled).toEqual({
      [HISTOGRAM_ZERO - 33]: 1,
      [HISTOGRAM_ZERO - 29]: 1,
      [HISTOGRAM_ZERO]: 2,
      [HISTOGRAM_ZERO + 1]: 1,
      [HISTOGRAM_ZERO + 33]: 2,
      [HISTOGRAM_ZERO + 34]: 1,
      [HISTOGRAM_ZERO + HISTOGRAM_BINS]: 1,
      [HISTOGRAM_NOT_FINITE]: 2
    })
  })
})
