import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { engineNames } from '#contract/engine'
import type { Activation } from '#contract/vocabulary'
import { startEngine } from '../../src-main/engine/backends'
import { activations } from '../../src-main/models/activations'

/** Share of the standard normal distribution below x. */
const NORMAL_BELOW: Record<string, number> = {
  '-10000': 0,
  '-100': 0,
  '-5': 2.866515718791939e-7,
  '-1': 0.15865525393145707,
  '0': 0.5,
  '0.001': 0.5003989422803723,
  '1': 0.8413447460685429,
  '5': 0.9999997133484281,
  '100': 1,
  '10000': 1
}
const points = Object.keys(NORMAL_BELOW).map(Number)
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
const SELU_SCALE = 1.0507009873554805
const SELU_FLOOR = 1.7580993408473766

/** Value and slope of each activation that is more than one operation of the engine, or new to it. */
const exact: Partial<Record<Activation, [value: (x: number) => number, slope: (x: number) => number]>> = {
  selu: [
    (x) => (x > 0 ? SELU_SCALE * x : SELU_FLOOR * Math.expm1(x)),
    (x) => (x > 0 ? SELU_SCALE : SELU_FLOOR * Math.exp(x))
  ],
  gelu: [(x) => x * NORMAL_BELOW[x], (x) => NORMAL_BELOW[x] + x * density(x)],
  silu: [(x) => x * sigmoid(x), (x) => sigmoid(x) + x * sigmoid(x) * sigmoid(-x)],
  softplus: [(x) => (x > 50 ? x : Math.log1p(Math.exp(x))), sigmoid],
  exponential: [Math.exp, Math.exp]
}
const engines = engineNames.filter((name) => name !== 'native-gpu')

describe.each(engines)('on %s', (engine) => {
  beforeAll(() => startEngine(engine))

  test.each(Object.entries(exact))(
    '%s has its value and its slope from −10,000 to 10,000',
    (word, [value, slope]) => {
      const x = tf.tensor1d(points)
      const f = activations[word as Activation]
      const found = Array.from(f(x).dataSync())
      const gradient = Array.from(tf.grad(f)(x, tf.onesLike(x)).dataSync())
      const isClose = (a: number, b: number): boolean =>
        a === Math.fround(b) || Math.abs(a - b) <= 2e-6 * Math.max(1, Math.abs(b))
      const wrong = points.flatMap((at, index) => {
        const [y, dy] = [found[index], gradient[index]]
        return isClose(y, value(at)) && isClose(dy, slope(at)) ? [] : [{ at, y, dy }]
      })
      expect(wrong).toEqual([])
    }
  )
})
