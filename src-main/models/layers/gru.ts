import * as tf from '@tensorflow/tfjs-core'
import { activations } from '../activations'
import type { LayerDefinition, ParameterPlan } from '../layer'
import { slopes, type Elementwise } from '../slopes'
import { planRecurrent } from './recurrent'
import { productOf, type Cell } from './through-time'

/**
 * h ← z·h + (1 − z)·activation(x·kernel + r·(h·recurrentKernel)) at each step, with gates z and r through a sigmoid
 * (Cho et al., 2014). The order is z, r, candidate and r acts on the product, as in Keras; the bias, [2, 3 · units],
 * has a row for the input and one for the product.
 */
export const gru: LayerDefinition<'gru'> = {
  plan(options, place) {
    const { units, useBias, activation, biasInitializer } = options
    const width = 3 * units
    const bias: ParameterPlan = {
      role: 'bias',
      shape: [2, width],
      fanIn: 2,
      fanOut: width,
      initializer: biasInitializer
    }
    return planRecurrent(options, place, {
      cell: cellOf(units, activation),
      gates: 3,
      bias: useBias ? [bias] : [],
      biasesOf({ bias }) {
        if (!bias) return {}
        const [input, recurrent] = tf.unstack(bias)
        return { input, recurrent }
      }
    })
  }
}

const cellOf = (units: number, activation: Elementwise): Cell => ({
  units,
  carries: 1,
  step(input, [h], weights) {
    const split = (x: tf.Tensor): tf.Tensor[] => tf.split(x, [2 * units, units], 1)
    const [inputGates, x] = split(input)
    const [recurrentGates, back] = split(productOf(h, weights))
    const gates = tf.sigmoid(tf.add(inputGates, recurrentGates))
    const [z, r] = tf.split(gates, 2, 1)
    const candidate = tf.add(x, tf.mul(r, back))
    const next = activations[activation](candidate)
    return {
      carried: [tf.add(next, tf.mul(z, tf.sub(h, next)))],
      kept: { gates, back, candidate, next }
    }
  },
  turn({ before: [h], kept: { gates, back, candidate, next } }) {
    const [z, r] = tf.split(gates, 2, 2)
    const [ofZ, ofR] = tf.split(slopes.sigmoid(gates, gates), 2, 2)
    const toCandidate = tf.mul(tf.sub(1, z), slopes[activation](next, candidate))
    const toProduct = [
      tf.mul(tf.sub(h, next), ofZ),
      tf.mul(toCandidate, tf.mul(back, ofR)),
      tf.mul(toCandidate, r)
    ]
    const products = tf.unstack(tf.concat(toProduct, 2))
    const past = tf.unstack(z)
    return {
      step: ([output], index) => ({
        product: tf.mul(tf.concat([output, output, output], 1), products[index]),
        carried: [tf.mul(output, past[index])]
      }),
      inputs(products, outputs) {
        const [gates] = tf.split(products, [2 * units, units], 2)
        return tf.concat([gates, tf.mul(outputs, toCandidate)], 2)
      }
    }
  }
})
